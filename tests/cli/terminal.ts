/** A shell whose outputs are kept. */
import { main } from "../../src/cli/main.ts";
import type { Programs } from "../../src/cli/support/programs.ts";
import type { Runtime } from "../../src/core/mod.ts";

export interface Session {
  /** By default one without variables, files and network. */
  readonly runtime?: Runtime;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly input?: string;
  /** The path of every file without symbolic links. By default that of a token that a kubelet projects. */
  readonly realPath?: string;
  /** By default there are no programs. */
  readonly programs?: Programs;
  readonly platform?: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const BARE: Runtime = {
  name: "bare",
  env: () => undefined,
  readTextFile: (path) => Promise.reject(new Error(`ENOENT: ${path}`)),
  fetch: (url) => Promise.reject(new Error(`ENOTFOUND ${url}`)),
};

const NO_PROGRAMS: Programs = {
  capture: ([program]) =>
    Promise.reject(Object.assign(new Error(`spawn ${program} ENOENT`), { code: "ENOENT" })),
  run: () => Promise.resolve(127),
};

/** Runs a command line in this process. */
export async function runCommand(args: string[], session: Session = {}): Promise<Outcome> {
  const { runtime = BARE, isTerminal = false, input, realPath = "/tokens/..2030_01_01/token" } = session;
  const { columns, programs = NO_PROGRAMS, platform = "linux" } = session;
  let stdout = "";
  let stderr = "";
  const code = await main(args, {
    runtime,
    output: { isTerminal, columns, write: (text) => void (stdout += text) },
    errors: { isTerminal, columns, write: (text) => void (stderr += text) },
    input: { isTerminal: input === undefined, read: () => Promise.resolve(input ?? "") },
    programs,
    platform,
    realPath: () => Promise.resolve(realPath),
  });
  return { code, stdout, stderr };
}
