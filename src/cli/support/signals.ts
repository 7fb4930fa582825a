import { constants } from "node:os";
import process from "node:process";

const NAMES = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;
/** The signals that can be caught on Windows. */
const WINDOWS_NAMES: readonly Signal[] = ["SIGINT", "SIGHUP"];

export type Signal = typeof NAMES[number];

/** Catches the signals that would end this process, so that it can clean up. An early one is kept. */
export class Signals {
  readonly #listeners: readonly (readonly [Signal, () => void])[];
  #listener: ((signal: Signal) => void) | undefined;
  #early: Signal | undefined;

  constructor() {
    const names = process.platform === "win32" ? WINDOWS_NAMES : NAMES;
    this.#listeners = names.map((name) => [name, () => this.#receive(name)]);
    for (const [name, listener] of this.#listeners) process.on(name, listener);
  }

  /** A signal that arrived before a listener was added. */
  get early(): Signal | undefined {
    return this.#early;
  }

  listen(listener: (signal: Signal) => void): void {
    this.#listener = listener;
    if (this.#early) listener(this.#early);
  }

  close(): void {
    for (const [name, listener] of this.#listeners) process.off(name, listener);
  }

  #receive(signal: Signal): void {
    if (this.#listener) this.#listener(signal);
    else this.#early = signal;
  }
}

/** Returns the exit code that shells use for a program that a signal has ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
