/** The least that Node asks for a variable and a file. */
import { readFile } from "node:fs/promises";

export function env(name: string): string {
  return process.env[name]!;
}

export function readTextFile(path: string): Promise<string> {
  return readFile(path, "utf8");
}
