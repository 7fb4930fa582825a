import { Failure } from "../failure.ts";
import type { Clock } from "../contract/runtime.ts";

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
  } catch (error) {
    // What the step leaves open, such as an answer that nobody reads on, ends with it.
    controller.abort(error);
    throw error;
  } finally {
    clock.clearTimeout(timer);
    parent.removeEventListener("abort", onAbort);
  }
}
