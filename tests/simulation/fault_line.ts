import type { Plan, Trouble } from "./plan.ts";
import { luck } from "./random.ts";

/** The faults of one place. Attempts must be looked up in the order of time. */
export class FaultLine<What> {
  readonly #seed: number;
  /** Sorted by beginning, the first one last; the number decides which attempts are hit. */
  readonly #ahead: [number, Trouble<What>][];
  #current: [number, Trouble<What>][] = [];

  constructor({ seed }: Plan, faults: readonly Trouble<What>[]) {
    this.#seed = seed;
    this.#ahead = [...faults.entries()].sort(([, one], [, other]) => other.from - one.from);
  }

  /** Returns the fault of an attempt, if it has one. */
  find(pod: number, now: number, attempt: number): Trouble<What> | undefined {
    while (this.#ahead.length > 0 && this.#ahead.at(-1)![1].from <= now) {
      this.#current.push(this.#ahead.pop()!);
    }
    this.#current = this.#current.filter(([, { to }]) => now < to);
    return this.#current.find(([number, { credential, share }]) =>
      (credential ?? pod) === pod && luck(this.#seed, number, attempt) < share
    )?.[1];
  }
}
