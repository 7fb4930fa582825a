import type { Holdings } from "../holdings.ts";
import type { CallRecord, Invariant, Simulation } from "../observation.ts";

/** The codes with which a call may fail. */
const CODES = new Set([
  "token_file_unreadable",
  "token_file_empty",
  "token_file_not_a_jwt",
  "assertion_callback_failed",
  "permission_denied",
  "network_failed",
  "timeout",
  "entra_rejected",
  "entra_throttled",
  "entra_unavailable",
  "response_invalid",
  "redirect_refused",
]);

/** With less than this left of a valid token, a caller gets it instead of waiting for another. */
const LAST = 5_000;

/**
 * No call fails while a valid token is cached for its key, except by its own abort, invalid arguments or `claims`. A call
 * fails with its own abort reason, a `TypeError` for invalid arguments, or an error with a known code.
 *
 * An invalid timeout fails only if the call may have to wait: a fresh token is returned without reading it.
 */
export class NoNeedlessFailure implements Invariant {
  readonly #simulation: Simulation;
  readonly #holdings: Holdings;
  /** Calls that began while a token was valid for long enough to wait with it, and how often the clock had been set. */
  readonly #served = new Map<number, number>();

  constructor(simulation: Simulation, holdings: Holdings) {
    this.#simulation = simulation;
    this.#holdings = holdings;
  }

  onCall({ number, call, key, pod }: CallRecord): void {
    const isServed = call.demand !== "claims" && this.#holdings.surelyHolds(key, pod, LAST);
    if (isServed) this.#served.set(number, pod.clock.jumps);
  }

  onSettled(record: CallRecord): void {
    const { number, call, key, pod, state, error, abortedAt, reason } = record;
    const violation = (what: string) =>
      this.#simulation.violation("no needless failure", `call ${number} ${what}`);
    if (call.mistake) {
      const isGivenAnyway = call.mistake === "timeout" && state === "given";
      if (!(error instanceof TypeError) && !isGivenAnyway) {
        violation(`with bad arguments (${call.mistake}) came to ${error}`);
      }
      return;
    }
    if (state === "given") return;
    if (abortedAt !== undefined) {
      const isOwn = reason === undefined ? (error as Error).name === "AbortError" : error === reason;
      if (!isOwn) violation(`was aborted and failed with ${error}`);
      return;
    }
    const { name, code } = error as { name?: string; code?: string };
    if (name !== "CredentialUnavailableError" || !CODES.has(code ?? "")) violation(`failed with ${error}`);
    if (call.demand === "claims") return;
    if (this.#served.get(number) === pod.clock.jumps) {
      violation(`failed with ${code}, and came while a token was valid`);
    }
    if (this.#holdings.surelyHolds(key, pod)) violation(`failed with ${code} while a valid token was cached`);
  }
}
