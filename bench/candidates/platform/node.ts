/** How Node reads a variable and a file at the lowest cost. */
import { readFile } from "node:fs/promises";

export function env(name: string): string {
  return process.env[name]!;
}

export function readTextFile(path: string): Promise<string> {
  return readFile(path, "utf8");
}
