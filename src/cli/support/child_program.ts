import { spawn } from "node:child_process";
import process from "node:process";
import { changeEnvironment } from "./environment.ts";
import type { EnvironmentChanges } from "./programs.ts";
import type { Output } from "./shell.ts";
import { exitCodeOf, type Signal, type Signals } from "./signals.ts";
import { spawnArguments } from "./windows_program.ts";

/**
 * Runs a program as if it had been started instead of this one: with its terminal, its signals and its exit code.
 *
 * @returns the program's exit code, 128 plus the number of the signal that ended it, or 127 if it cannot be started
 */
export function runProgram(
  command: readonly string[],
  changes: EnvironmentChanges,
  signals: Signals,
  errors: Output,
): Promise<number> {
  if (signals.early) return Promise.resolve(exitCodeOf(signals.early));
  const { file, args, ...options } = spawnArguments(command, process.platform, process.env);
  const env = changeEnvironment(process.env, changes, process.platform);
  const child = spawn(file, args, { ...options, stdio: "inherit", env });
  signals.listen((signal) => {
    // A terminal also sends Ctrl-C to the program, which must not get it twice.
    const isShared = process.stdin.isTTY && (signal === "SIGINT" || signal === "SIGQUIT");
    if (!isShared && child.pid !== undefined) sendSignal(child.pid, signal);
  });
  return new Promise((resolve) => {
    child.on("error", (error) => {
      errors.write(`workload-id: ${command[0]} cannot be started: ${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(code ?? (signal ? exitCodeOf(signal) : 1)));
  });
}

/** Sends a signal without `child.kill`, after which Deno would report the signal instead of the program's exit code. */
function sendSignal(pid: number, signal: Signal): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const hasEnded = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!hasEnded) throw error;
  }
}
