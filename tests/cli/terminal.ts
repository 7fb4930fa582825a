/** A shell whose outputs are kept. */
import { main } from "../../src/cli/main.ts";
import type { Runtime } from "../../src/core/mod.ts";

export interface Session {
  /** Shown by the runtime given; by default one without variables, files and network. */
  readonly runtime?: Runtime;
  readonly isTerminal?: boolean;
  readonly input?: string;
  /** Where every symbolic link leads. */
  readonly link?: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const BARE: Runtime = {
  name: "bare",
  env: () => undefined,
  readTextFile: (path) => Promise.reject(new Error(`ENOENT: ${path}`)),
  fetch: (url) => Promise.reject(new Error(`ENOTFOUND ${url}`)),
};

/** Runs a command line in this process. */
export async function runCommand(args: string[], session: Session = {}): Promise<Outcome> {
  const { runtime = BARE, isTerminal = false, input, link = "..data/azure-identity-token" } = session;
  let stdout = "";
  let stderr = "";
  const code = await main(args, {
    runtime,
    output: { isTerminal, write: (text) => void (stdout += text) },
    errors: { isTerminal, write: (text) => void (stderr += text) },
    input: { isTerminal: input === undefined, read: () => Promise.resolve(input ?? "") },
    readLink: () => Promise.resolve(link === "" ? undefined : link),
  });
  return { code, stdout, stderr };
}
