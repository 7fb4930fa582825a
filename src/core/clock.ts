/** The only place that reads the time or starts a timer. */
import type { Clock } from "./contract/runtime.ts";
import { DeadlineExceeded } from "./failure.ts";

const LONGEST_TIMER = 2 ** 31 - 1;

/** The system's clock. Its timers do not keep the process alive, if the runtime supports that. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(callback, delayInMs) {
    const timer: unknown = setTimeout(callback, Math.min(delayInMs, LONGEST_TIMER));
    (timer as { unref?: () => void }).unref?.();
    return timer;
  },
  clearTimeout: (timer) => clearTimeout(timer as number),
  hold() {
    const timer = setInterval(() => {}, LONGEST_TIMER);
    return () => clearInterval(timer);
  },
};

/** The wall clock is compared with the monotonic one at most this often, so that few calls read both. */
const COMPARISON_INTERVAL_IN_MS = 1_000;
/** Smaller steps back are common, and cause no refresh. */
const CLOCK_CORRECTION_IN_MS = 1_000;

/** A clock that notices when the wall clock is set back. */
export class SteadyClock implements Clock {
  static readonly #all = new WeakMap<Clock, SteadyClock>();
  /** Milliseconds since a fixed moment; never decreases. */
  readonly monotonic: () => number;
  readonly #clock: Clock;
  /** The readings of both clocks at their last comparison. */
  #wallTime: number;
  #monotonicTime: number;
  #setBacks = 0;
  #holders = 0;
  #endHold: (() => void) | undefined;
  readonly #release = (): void => {
    if (--this.#holders === 0) this.#endHold?.();
  };

  /** Returns the instance that all credentials with this clock share, which makes many credentials in a process faster. */
  static of(clock: Clock): SteadyClock {
    const known = this.#all.get(clock);
    if (known) return known;
    const created = new SteadyClock(clock);
    this.#all.set(clock, created);
    return created;
  }

  constructor(clock: Clock) {
    this.#clock = clock;
    this.monotonic = clock.monotonic ? () => clock.monotonic!() : createMonotonic(clock);
    this.#wallTime = clock.now();
    this.#monotonicTime = this.monotonic();
  }

  /** The number of times that the wall clock was found to be set back. */
  get setBacks(): number {
    return this.#setBacks;
  }

  now(): number {
    const now = this.#clock.now();
    const elapsed = now - this.#wallTime;
    if (!(elapsed >= 0 && elapsed < COMPARISON_INTERVAL_IN_MS)) this.#compare(now, elapsed);
    return now;
  }

  /** Returns how long ago a moment of the monotonic clock is, in whole milliseconds. */
  elapsedSince(monotonicTime: number): number {
    return Math.round(this.monotonic() - monotonicTime);
  }

  setTimeout(callback: () => void, delayInMs: number): unknown {
    return this.#clock.setTimeout(callback, delayInMs);
  }

  clearTimeout(timer: unknown): void {
    this.#clock.clearTimeout(timer);
  }

  /** Callers share one hold, so that thousands of them start one timer. Each calls the returned function once. */
  hold(): () => void {
    if (this.#holders++ === 0) this.#endHold = this.#clock.hold?.();
    return this.#release;
  }

  #compare(now: number, elapsed: number): void {
    const monotonicTime = this.monotonic();
    if (elapsed < monotonicTime - this.#monotonicTime - CLOCK_CORRECTION_IN_MS) this.#setBacks++;
    this.#wallTime = now;
    this.#monotonicTime = monotonicTime;
  }
}

/** Counts the steps forward of a clock that has no monotonic reading. */
function createMonotonic(clock: Clock): () => number {
  let last = clock.now();
  let elapsed = 0;
  return () => {
    const now = clock.now();
    if (now > last) elapsed += now - last;
    last = now;
    return elapsed;
  };
}

/** Waits, unless `signal` aborts first. */
export function sleep(clock: Clock, delayInMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      clock.clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = clock.setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, delayInMs);
    signal.addEventListener("abort", onAbort);
  });
}

/**
 * Runs a step under a deadline, and ends it when `parent` aborts, even if the step ignores its signal. Timer and
 * listener are gone when it returns, unlike those of `AbortSignal.timeout` and `AbortSignal.any`.
 *
 * @param step its second argument removes the deadline; `parent` still ends the step
 *
 * @throws {DeadlineExceeded} the deadline passed
 * @throws the reason of `parent`, when it aborted
 */
export async function withDeadline<T>(
  clock: Clock,
  limitInMs: number,
  parent: AbortSignal,
  step: (signal: AbortSignal, liftDeadline: () => void) => Promise<T>,
): Promise<T> {
  parent.throwIfAborted();
  const controller = new AbortController();
  let onAbort = () => {};
  let timer: unknown;
  try {
    const ended = new Promise<never>((_, reject) => {
      const end = (error: unknown, reason: unknown) => {
        reject(error);
        controller.abort(reason);
      };
      onAbort = () => end(parent.reason, parent.reason);
      parent.addEventListener("abort", onAbort);
      timer = clock.setTimeout(() => {
        const reason = new DOMException(`The deadline of ${limitInMs} ms has passed.`, "TimeoutError");
        end(new DeadlineExceeded(limitInMs), reason);
      }, limitInMs);
    });
    return await Promise.race([step(controller.signal, () => clock.clearTimeout(timer)), ended]);
  } catch (error) {
    // Ends what the step left open, such as a response that is not read to its end.
    controller.abort();
    throw error;
  } finally {
    clock.clearTimeout(timer);
    parent.removeEventListener("abort", onAbort);
  }
}
