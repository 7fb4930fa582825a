import { constants } from "node:os";
import process from "node:process";

const NAMES = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;

export type Signal = typeof NAMES[number];

/** Takes the signals that would end this process, so that it can clean up. One that comes early is kept. */
export class Signals {
  readonly #listeners: readonly (readonly [Signal, () => void])[];
  #listener: ((signal: Signal) => void) | undefined;
  #early: Signal | undefined;

  constructor() {
    this.#listeners = NAMES.map((name) => [name, () => this.#receive(name)]);
    for (const [name, listener] of this.#listeners) process.on(name, listener);
  }

  /** Came before anybody listened. */
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

/** What shells make of a program that a signal has ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
