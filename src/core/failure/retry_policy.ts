/** Decides whether and when a failed attempt is retried. Pure functions. */
import { type Failure, hasCode } from "../failure.ts";
import type { RetryRules } from "../settings/config.ts";
import { APPLICATION_NOT_FOUND, ASSERTION_REJECTED, REPLICATION } from "./aadsts_sets.ts";

const MAX_REPLICATION_RETRIES = 2;
/** Before the first token, an unknown host is probably a wrong setting, and a credential chain should continue soon. */
const MAX_UNKNOWN_HOST_RETRIES = 1;

/** Returns whether Entra rejected the assertion itself, so that another one might be accepted. */
export function isAssertionRejected({ facts }: Failure): boolean {
  return hasCode(facts.errorResponse, ASSERTION_REJECTED);
}

/**
 * Returns the wait before the next attempt in milliseconds, or undefined if another attempt cannot help.
 *
 * @param retries how many have been made already
 * @param succeededBefore whether this credential has ever obtained a token
 * @param random from 0 up to 1
 */
export function retryDelay(
  failure: Failure,
  retries: number,
  rules: RetryRules,
  succeededBefore: boolean,
  random: number,
): number | undefined {
  if (retries >= rules.maxRetries) return undefined;
  const { isUnknownHost, errorResponse, retryAfterInMs } = failure.facts;
  if (isUnknownHost && !succeededBefore && retries >= MAX_UNKNOWN_HOST_RETRIES) {
    return undefined;
  }
  if (!isTransient(failure)) {
    const mayHeal = hasCode(errorResponse, REPLICATION) ||
      (!succeededBefore && hasCode(errorResponse, APPLICATION_NOT_FOUND));
    if (!mayHeal || retries >= MAX_REPLICATION_RETRIES) return undefined;
  }
  if (retryAfterInMs) return retryAfterInMs;
  const exponential = Math.min(rules.maxRetryDelayInMs, rules.retryDelayInMs * 2 ** retries);
  return Math.round(exponential * (0.5 + 0.5 * random));
}

/**
 * Returns a random part to add to a wait that a server requests, up to half of it and within the longest wait, in
 * milliseconds. Otherwise clients that were rejected together would return together.
 */
export function retryAfterSpread(
  delayInMs: number,
  { maxRetryDelayInMs }: RetryRules,
  random: number,
): number {
  return Math.round(Math.min(delayInMs / 2, maxRetryDelayInMs - delayInMs) * random);
}

/** Returns whether the endpoint failed, so that a retry is paid from the retry budget. */
export function isTransient({ code }: Failure): boolean {
  return code === "network_failed" || code === "timeout" || code === "entra_throttled" ||
    code === "entra_unavailable";
}
