/** Reads a variable and a file on Node in the fastest way. */
import { readFile } from "node:fs/promises";

export function env(name: string): string {
  return process.env[name]!;
}

export function readTextFile(path: string): Promise<string> {
  return readFile(path, "utf8");
}
