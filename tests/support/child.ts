/** Runs a program of this repository in a separate process, on the runtime that the tests run on. */
import { spawn } from "node:child_process";
import process from "node:process";

/** The arguments with which Node runs TypeScript. */
export const TYPESCRIPT: string = new URL("../../tools/node_typescript/register.mjs", import.meta.url).href;

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Permissions on Deno. @default all */
  readonly permissions?: readonly string[];
  /** Standard input. @default empty */
  readonly input?: string;
  /** True if its output is not read. */
  readonly closesOutput?: boolean;
  /** After this time it is killed. @default 20000 */
  readonly timeoutInMs?: number;
  /** Called with everything printed so far, each time that there is more. */
  readonly onOutput?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export interface ChildOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The runtime that the tests run on. */
export const RUNTIME: "deno" | "bun" | "node" = "Deno" in globalThis
  ? "deno"
  : "Bun" in globalThis
  ? "bun"
  : "node";

/** The command line that runs a program of this repository, as an array. */
export function commandLine(program: string, options: ChildOptions = {}): string[] {
  return [process.execPath, ...command(program, options)];
}

function command(program: string, { args = [], permissions = ["-A"] }: ChildOptions): string[] {
  if (RUNTIME === "deno") {
    return ["run", "--no-check", "--no-prompt", "--quiet", ...permissions, program, ...args];
  }
  if (RUNTIME === "bun") return [program, ...args];
  return ["--no-warnings", `--import=${TYPESCRIPT}`, program, ...args];
}

/** Runs a program to its end; one that does not end within its timeout is killed. */
export function runChild(program: string, options: ChildOptions = {}): Promise<ChildOutcome> {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn(process.execPath, command(program, options), {
    env: { ...env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: options.timeoutInMs ?? 20_000,
  });
  child.stdin.end(options.input ?? "");
  if (options.closesOutput) child.stdout.destroy();
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    // After `child.kill`, Deno would report the signal as the reason for the child's end.
    options.onOutput?.(stdout, (signal) => process.kill(child.pid!, signal));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
