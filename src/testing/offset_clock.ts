import type { Clock } from "../core/contract/runtime.ts";

/** Another clock whose time of day can be moved, as an operator or NTP does. Its timers are those of the other clock. */
export class OffsetClock implements Clock {
  /** How far it is ahead of the other clock, in milliseconds. */
  offsetInMs = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.offsetInMs;
  }

  setTimeout(callback: () => void, delayInMs: number): unknown {
    return this.#clock.setTimeout(callback, delayInMs);
  }

  clearTimeout(timer: unknown): void {
    this.#clock.clearTimeout(timer);
  }
}
