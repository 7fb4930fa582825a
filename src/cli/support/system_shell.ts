/** The shell of this process, on Deno, Bun and Node. */
import { realpath } from "node:fs/promises";
import process from "node:process";
import { text } from "node:stream/consumers";
import { detectRuntime } from "../../runtime/detect.ts";
import { captureProgram } from "./captured_program.ts";
import { runProgram } from "./child_program.ts";
import type { Output, Shell } from "./shell.ts";

export function createSystemShell(): Shell {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on("error", endQuietly);
  const errors = outputOf(stderr);
  return {
    runtime: detectRuntime(),
    output: outputOf(stdout),
    errors,
    input: { isTerminal: Boolean(stdin.isTTY), read: () => text(stdin) },
    platform: process.platform,
    programs: {
      capture: (command, options = {}) => captureProgram(command, options, errors),
      run: (command, changes, signals) => runProgram(command, changes, signals, errors),
    },
    realPath: (path) => realpath(path),
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    isTerminal: Boolean(stream.isTTY),
    columns: stream.columns,
    write: (text) => void stream.write(text),
  };
}

/** Ends the process if the reader of its output has ended, as `head` does. */
function endQuietly(error: Error & { code?: string }): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
