import type { Plan, Trouble } from "./plan.ts";
import { luck } from "./random.ts";

/** The faults of one place, found by time; asked in the order of time. */
export class FaultLine<What> {
  readonly #seed: number;
  /** By their beginning, with their number, which is their luck. */
  readonly #ahead: [number, Trouble<What>][];
  #current: [number, Trouble<What>][] = [];

  constructor({ seed }: Plan, faults: readonly Trouble<What>[]) {
    this.#seed = seed;
    this.#ahead = [...faults.entries()].sort(([, one], [, other]) => other.from - one.from);
  }

  /** What goes wrong with the try of this number, if anything does. */
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
