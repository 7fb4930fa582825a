/** Makes sources of assertions callable by this package's credential and by the hooks of other libraries. */
import { MAX_BYTES, parseAssertion } from "../core/acquisition/assertion.ts";
import { withDeadline } from "../core/clock.ts";
import { sleep, systemClock } from "../core/clock.ts";
import { CredentialUnavailableError } from "../core/contract/errors.ts";
import type { AssertionContext } from "../core/contract/options.ts";
import type { Runtime } from "../core/contract/runtime.ts";
import { DeadlineExceeded, UnusableAssertion } from "../core/failure.ts";
import { detectRuntime } from "../runtime/detect.ts";
import { unavailable } from "./unavailable.ts";

/**
 * Returns an assertion, a compact JWS. Fits the option `getAssertion` of this package and of @azure/identity, and the
 * hooks of other libraries: it needs no argument, and ignores any argument that is not an `AssertionContext`. It rejects
 * with `assertion_callback_failed` and, if another library calls it, with `timeout` after 10 s; `file` and
 * `workloadAssertion` reject with the codes of the token file.
 */
export type AssertionSource = (context?: unknown) => Promise<string>;

/** The functions that a source needs. */
export type SourceContext = Omit<AssertionContext, "tenantId" | "clientId" | "authority" | "liftDeadline">;

/** The deadline of a call without a context; a credential sets its own. */
const LIMIT_IN_MS = 10_000;

/**
 * Creates a source.
 *
 * @param name the subject of the message if the text is not a JWT
 * @param obtain returns the text of the assertion
 */
export function createSource(
  name: string,
  obtain: (context: SourceContext) => Promise<string>,
): AssertionSource {
  const obtainJwt = async (context: SourceContext) => {
    const text = await obtain(context);
    try {
      return parseAssertion(text);
    } catch (error) {
      if (!(error instanceof UnusableAssertion)) throw error;
      throw unavailable(`${name} did not return a JWT in compact serialization of at most 64 KiB.`);
    }
  };
  return (context) =>
    isAssertionContext(context) ? obtainJwt(context) : callWithoutContext(obtainJwt, detectRuntime());
}

/** Calls a source with a runtime's own functions, within a deadline. */
export async function callWithoutContext(
  obtain: (context: SourceContext) => Promise<string>,
  runtime: Runtime,
): Promise<string> {
  const clock = runtime.clock ?? systemClock;
  const release = clock.hold?.();
  try {
    return await withDeadline(clock, LIMIT_IN_MS, new AbortController().signal, (signal) =>
      obtain({
        signal,
        wasRejected: false,
        runtimeName: runtime.name,
        readTextFile: (path) => runtime.readTextFile(path, MAX_BYTES),
        env: (name) => runtime.env(name),
        fetch: (url, init) => runtime.fetch(url, init),
        sleep: (delayInMs) => sleep(clock, delayInMs, signal),
      }));
  } catch (error) {
    if (!(error instanceof DeadlineExceeded)) throw error;
    const limit = `${LIMIT_IN_MS / 1000} s`;
    throw new CredentialUnavailableError(
      `Obtaining the assertion took longer than ${limit}. Check the file's volume, or the service's address.`,
      "timeout",
    );
  } finally {
    release?.();
  }
}

const METHODS = ["liftDeadline", "readTextFile", "env", "fetch", "sleep"] as const;

/** Recognises a credential's context: other libraries pass other objects, such as `{ clientId, tokenEndpoint }`. */
export function isAssertionContext(value: unknown): value is AssertionContext {
  if (typeof value !== "object" || value === null) return false;
  const context = value as Partial<AssertionContext>;
  return typeof context.signal === "object" && METHODS.every((name) => typeof context[name] === "function");
}
