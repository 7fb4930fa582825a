/** The only place that reads the time or starts a timer. */
import type { Clock } from "./contract/runtime.ts";

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
