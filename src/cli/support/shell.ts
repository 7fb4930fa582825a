/** Everything that a command uses of its process. */
import { withoutTokens } from "../../core/redaction.ts";
import type { Runtime } from "../../core/contract/runtime.ts";
import type { Programs } from "./programs.ts";

export interface Shell {
  readonly runtime: Runtime;
  readonly output: Output;
  readonly errors: Output;
  readonly input: Input;
  readonly programs: Programs;
  /** The value of `process.platform`, such as `linux` or `win32`. */
  readonly platform: string;
  /** Returns the path without symbolic links. */
  realPath(path: string): Promise<string>;
}

export interface Output {
  readonly isTerminal: boolean;
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined;
  write(text: string): void;
}

export interface Input {
  readonly isTerminal: boolean;
  /** Reads to the end. */
  read(): Promise<string>;
}

/** Error in the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** Creates the error without tokens: one passed as an argument by mistake must not appear in a CI log. */
  constructor(message: string) {
    super(withoutTokens(message));
  }
}

export interface Command {
  readonly summary: string;
  readonly help: string;
  /** Returns the exit code. */
  run(args: string[], shell: Shell): Promise<number>;
}
