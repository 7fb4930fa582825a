/** The shell of this process, on Deno, Bun and Node. */
import { readlink } from "node:fs/promises";
import process from "node:process";
import { text } from "node:stream/consumers";
import { detectRuntime } from "../../runtime/detect.ts";
import type { Shell } from "./shell.ts";

export function createSystemShell(): Shell {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on("error", endQuietly);
  return {
    runtime: detectRuntime(),
    output: { isTerminal: Boolean(stdout.isTTY), write: (text) => void stdout.write(text) },
    errors: { isTerminal: Boolean(stderr.isTTY), write: (text) => void stderr.write(text) },
    input: { isTerminal: Boolean(stdin.isTTY), read: () => text(stdin) },
    async readLink(path) {
      try {
        return await readlink(path);
      } catch {
        return undefined; // no link, or nothing at all, which reading the file tells better
      }
    },
  };
}

/** Whoever read the output has gone, as `head` does: there is nobody left to tell. */
function endQuietly(error: Error & { code?: string }): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
