import type { Clock } from "../core/contract/runtime.ts";

/** A clock whose time of day differs from another clock's by an offset. Timers are those of the other clock. */
export class OffsetClock implements Clock {
  /** The offset in milliseconds; positive if this clock is ahead. */
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
