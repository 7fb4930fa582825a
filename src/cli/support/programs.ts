/** Starts other programs. Arguments are passed unchanged, without a shell. */
import type { Signals } from "./signals.ts";

/** Variables to add to this process's environment; those set to undefined are removed from it. */
export type EnvironmentChanges = Readonly<Record<string, string | undefined>>;

export interface CapturedOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureOptions {
  readonly changes?: EnvironmentChanges;
  /** Kills the program. */
  readonly signal?: AbortSignal;
}

export interface Programs {
  /**
   * Runs a program to its end and returns what it printed.
   *
   * @throws {Error} the program cannot be started (`code` is `ENOENT` if it does not exist), or takes too long
   */
  capture(command: readonly string[], options?: CaptureOptions): Promise<CapturedOutput>;
  /**
   * Runs a program with this process's terminal, and passes signals on to it.
   *
   * @returns the program's exit code, 128 plus the number of the signal that ended it, or 127 if it cannot be started
   */
  run(command: readonly string[], changes: EnvironmentChanges, signals: Signals): Promise<number>;
}
