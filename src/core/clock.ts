/** The only place that reads the time or starts a timer. */
import type { Clock } from "./runtime.ts";
import { Failure } from "./failure.ts";

const LONGEST_TIMER = 2 ** 31 - 1;

/** The system's clock. Its timers keep no process alive where the runtime lets them not to. */
export const systemClock: Clock = {
  now: () => Date.now(),
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

/**
 * Runs a step under a deadline, and ends it when `parent` aborts, whether or not the step heeds its signal. Timer and
 * listener are gone when it returns, which `AbortSignal.timeout` and `AbortSignal.any` do not give.
 *
 * @throws {Failure} code `timeout`: the deadline passed
 * @throws the reason of `parent`, when it aborted
 */
export async function withDeadline<T>(
  clock: Clock,
  limitInMs: number,
  parent: AbortSignal,
  what: string,
  step: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  parent.throwIfAborted();
  const controller = new AbortController();
  let onAbort = () => {};
  let timer: unknown;
  try {
    const ended = new Promise<never>((_, reject) => {
      const end = (reason: unknown) => {
        reject(reason);
        controller.abort(reason);
      };
      onAbort = () => end(parent.reason);
      parent.addEventListener("abort", onAbort);
      timer = clock.setTimeout(
        () => end(new Failure("timeout", `${what} took longer than ${limitInMs} ms`)),
        limitInMs,
      );
    });
    return await Promise.race([step(controller.signal), ended]);
  } finally {
    clock.clearTimeout(timer);
    parent.removeEventListener("abort", onAbort);
  }
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
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
