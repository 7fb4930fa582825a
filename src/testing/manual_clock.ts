import type { Clock } from "../core/contract/runtime.ts";

interface Timer {
  readonly callback: () => void;
  /** Time on the scale that only `advance` moves. */
  readonly at: number;
}

/**
 * A clock that moves only when a test advances it.
 *
 * @example
 * ```ts
 * import { ManualClock } from "@workload-id/entra/testing";
 *
 * const clock = new ManualClock();
 * clock.setTimeout(() => console.log("a minute later"), 60_000);
 * await clock.advance(60_000);
 * ```
 */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #elapsed = 0;
  #offset: number;

  /**
   * Creates a clock that does not move by itself.
   *
   * @param now the time in milliseconds since the Unix epoch, by default the start of 2030
   */
  constructor(now: number = Date.UTC(2030, 0)) {
    this.#offset = now;
  }

  /** Milliseconds since the Unix epoch. */
  now(): number {
    return this.#offset + this.#elapsed;
  }

  /** The total time of all calls of `advance`, in milliseconds. */
  monotonic(): number {
    return this.#elapsed;
  }

  /** Calls back once, when the clock has been advanced by `delayInMs`. */
  setTimeout(callback: () => void, delayInMs: number): unknown {
    const timer = { callback, at: this.#elapsed + Math.max(0, delayInMs) };
    this.#timers.add(timer);
    return timer;
  }

  /** Cancels a timer of `setTimeout`. */
  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** The number of pending timers: 0 if none was left behind. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Sets the time of day, as an operator or NTP does. No time passes, and no timer fires. */
  jump(byMs: number): void {
    this.#offset += byMs;
  }

  /** Advances the clock. Timers fire in order, and the promises that each one settles are handled before the next. */
  async advance(byMs: number): Promise<void> {
    const end = this.#elapsed + byMs;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#elapsed = Math.max(this.#elapsed, next.at);
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#elapsed = end;
    await settle();
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }
}

/** Waits until settled promises and pending events of the event loop have been handled. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await undefined;
  await new Promise((resolve) => setTimeout(resolve, 0));
  for (let turn = 0; turn < 100; turn++) await undefined;
}
