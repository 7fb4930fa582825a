/** Runs a TypeScript program on the runtime that the test runs on. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { TYPESCRIPT } from "../support/child.ts";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const onDeno: boolean = "Deno" in globalThis;
export const onBun: boolean = "Bun" in globalThis;

/**
 * @param env the program's whole environment, except what a runtime needs to start
 * @param permissions Deno's flags; by default everything is allowed
 */
export function runProgram(
  program: URL,
  env: Record<string, string>,
  permissions: readonly string[] = ["--allow-all"],
): Promise<Ended> {
  const flags = onDeno
    ? ["run", "--no-check", "--no-prompt", ...permissions]
    : onBun
    ? ["run"]
    : [`--import=${TYPESCRIPT}`, "--no-warnings"];
  const { PATH = "", HOME = "" } = process.env;
  // Deno looks for its own updates, and does so through the proxy under test.
  const quiet = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...flags, fileURLToPath(program)],
      { env: { PATH, HOME, ...quiet, ...env } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}
