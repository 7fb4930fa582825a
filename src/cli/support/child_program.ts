import { spawn } from "node:child_process";
import process from "node:process";
import type { Output } from "./shell.ts";
import { exitCodeOf, type Signal, type Signals } from "./signals.ts";

/**
 * Runs a program as if it stood in this process's place: its terminal, its signals and its exit code.
 *
 * @returns the program's exit code, 128 and the signal that ended it, or 127 where it cannot be started
 */
export function runProgram(
  [command, ...args]: string[],
  env: Readonly<Record<string, string>>,
  signals: Signals,
  errors: Output,
): Promise<number> {
  if (signals.early) return Promise.resolve(exitCodeOf(signals.early));
  const child = spawn(command!, args, { stdio: "inherit", env: { ...process.env, ...env } });
  signals.listen((signal) => {
    // A terminal gives Ctrl-C to the program itself too, which must not get it twice.
    const isShared = process.stdin.isTTY && (signal === "SIGINT" || signal === "SIGQUIT");
    if (!isShared && child.pid !== undefined) sendSignal(child.pid, signal);
  });
  return new Promise((resolve) => {
    child.on("error", (error) => {
      errors.write(`workload-id: ${command} cannot be started: ${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(code ?? (signal ? exitCodeOf(signal) : 1)));
  });
}

/** Not by `child.kill`: on Deno, the signal would pass for what ended the program, whatever its exit code is. */
function sendSignal(pid: number, signal: Signal): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const hasEnded = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!hasEnded) throw error;
  }
}
