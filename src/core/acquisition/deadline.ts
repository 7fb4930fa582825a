import type { Clock } from "../contract/runtime.ts";
import { DeadlineExceeded } from "../failure/step_errors.ts";

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
    // Ends what the step leaves open, such as a response that nobody reads on.
    controller.abort();
    throw error;
  } finally {
    clock.clearTimeout(timer);
    parent.removeEventListener("abort", onAbort);
  }
}
