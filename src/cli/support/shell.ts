/** What a command is lent: a runtime, two outputs, an input. */
import { withoutTokens } from "../../core/redaction.ts";
import type { Runtime } from "../../core/contract/runtime.ts";

export interface Shell {
  readonly runtime: Runtime;
  readonly output: Output;
  readonly errors: Output;
  readonly input: Input;
  /** Where a symbolic link leads; undefined where the path is none. */
  readLink(path: string): Promise<string | undefined>;
}

export interface Output {
  readonly isTerminal: boolean;
  write(text: string): void;
}

export interface Input {
  readonly isTerminal: boolean;
  /** Everything up to its end. */
  read(): Promise<string>;
}

/** What a command was asked for cannot be done as it was written: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** An argument may be a token that strayed: logs of a CI keep what is printed. */
  constructor(message: string) {
    super(withoutTokens(message));
  }
}

/** One of the commands. It returns the exit code. */
export interface Command {
  readonly summary: string;
  readonly help: string;
  run(args: string[], shell: Shell): Promise<number>;
}
