import type { Clock } from "../../src/core/mod.ts";
import type { ScheduledEvent, Scheduler } from "./scheduler.ts";

/** The simulation begins at this moment of true time. */
export const EPOCH: number = Date.UTC(2030, 0);

/** One machine's clock. It drifts and can be set. Its timers drift with it, but setting it does not move them. */
export class LocalClock implements Clock {
  /** Milliseconds of this clock for each millisecond of true time. */
  readonly rate: number;
  /** The sum of all settings, in milliseconds. */
  offset: number = 0;
  /** The number of settings. */
  jumps: number = 0;
  pendingTimers: number = 0;
  holds: number = 0;
  readonly #scheduler: Scheduler;
  readonly #onUse: (what: string, value: number) => void;

  constructor(scheduler: Scheduler, driftInPpm: number, onUse: (what: string, value: number) => void) {
    this.#scheduler = scheduler;
    this.rate = 1 + driftInPpm / 1e6;
    this.#onUse = onUse;
  }

  now(): number {
    this.#scheduler.wake();
    return this.time;
  }

  monotonic(): number {
    this.#scheduler.wake();
    return this.monotonicTime;
  }

  /** The time since the simulation began, by a clock that drifts and is never set. */
  get monotonicTime(): number {
    return Math.floor(this.#scheduler.now * this.rate);
  }

  /** The wall clock, in milliseconds since the Unix epoch. */
  get time(): number {
    return EPOCH + this.monotonicTime + this.offset;
  }

  jump(byMs: number): void {
    this.offset += byMs;
    this.jumps++;
  }

  /** Returns a local delay in true time, rounded up to whole milliseconds. */
  inTrueTime(delayInMs: number): number {
    const exact = Math.max(0, delayInMs) / this.rate;
    return Math.ceil(this.rate === 1 ? exact : exact + 1e-6);
  }

  setTimeout(callback: () => void, delayInMs: number): unknown {
    this.#onUse("timer", delayInMs);
    this.pendingTimers++;
    const timer = this.#scheduler.after(this.inTrueTime(delayInMs), () => {
      this.pendingTimers--;
      timer.cancelled = true;
      callback();
    });
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#scheduler.wake();
    const event = timer as ScheduledEvent | undefined;
    if (!event || event.cancelled) return;
    event.cancelled = true;
    this.pendingTimers--;
  }

  hold(): () => void {
    this.holds++;
    let isHeld = true;
    return () => {
      if (isHeld) this.holds--;
      isHeld = false;
    };
  }
}
