import { spawn } from "node:child_process";
import process from "node:process";
import { changeEnvironment } from "./environment.ts";
import type { CapturedOutput, CaptureOptions } from "./programs.ts";
import type { Output } from "./shell.ts";
import { spawnArguments } from "./windows_program.ts";

const LONGEST_IN_MS = 120_000;
/** A program that runs this long may be waiting for a sign-in: its standard error is then printed. */
const SILENT_FOR_IN_MS = 5000;
const LARGEST_OUTPUT = 32 * 1024 * 1024;

/**
 * Runs a program to its end and returns what it printed.
 *
 * @throws {Error} the program cannot be started (`code` is `ENOENT` if it does not exist), or takes too long
 */
export function captureProgram(
  command: readonly string[],
  { changes = {}, signal }: CaptureOptions,
  errors: Output,
): Promise<CapturedOutput> {
  const { file, args, ...options } = spawnArguments(command, process.platform, process.env);
  const child = spawn(file, args, {
    ...options,
    stdio: [process.stdin.isTTY ? "inherit" : "ignore", "pipe", "pipe"],
    env: changeEnvironment(process.env, changes, process.platform),
    windowsHide: true,
  });
  let stdout = "";
  let stderr = "";
  let isShown = false;
  let problem = "";
  const end = (reason: string) => {
    problem = reason;
    child.kill("SIGKILL");
  };
  const show = setTimeout(() => {
    isShown = true;
    errors.write(stderr);
  }, SILENT_FOR_IN_MS);
  const onAbort = () => end("was stopped");
  signal?.addEventListener("abort", onAbort);
  const limit = setTimeout(() => end(`did not end within ${LONGEST_IN_MS / 1000} s`), LONGEST_IN_MS);
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (stdout.length > LARGEST_OUTPUT) end("printed more than 32 MiB");
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    if (isShown) errors.write(text);
    if (stderr.length < LARGEST_OUTPUT) stderr += text;
  });
  return new Promise<CapturedOutput>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (problem) reject(new Error(`${command[0]} ${problem}`));
      else resolve({ code: code ?? 1, stdout, stderr });
    });
  }).finally(() => {
    clearTimeout(show);
    clearTimeout(limit);
    signal?.removeEventListener("abort", onAbort);
  });
}
