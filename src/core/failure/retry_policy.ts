/** Whether and when a failed attempt is tried again. Arithmetic only. */
import type { Failure } from "../failure.ts";

/** Retry options with every default filled in. */
export interface RetryRules {
  readonly maxRetries: number;
  readonly retryDelayInMs: number;
  readonly maxRetryDelayInMs: number;
}

/** Federated credentials replicate with delay: these may heal, soon or never. */
const REPLICATION = [70021, 700211, 700213, 70025, 90061];
/** The same for an application that no exchange has found yet. */
const APPLICATION_NOT_FOUND = 700016;
const MOST_REPLICATION_RETRIES = 2;
/** The assertion was stale or damaged: the file may hold a new one by now. */
const ASSERTION_REFUSED = [700024, 50027, 700027, 7000272];

/** Whether another assertion might be accepted where this one was refused. */
export function blamesAssertion(failure: Failure): boolean {
  return hasCode(failure, ASSERTION_REFUSED);
}

/**
 * Returns the wait before the next attempt in milliseconds, or undefined where trying again is of no use.
 *
 * @param retries how many have been made already
 * @param succeededBefore whether this credential has ever been given a token
 */
export function retryDelay(
  failure: Failure,
  retries: number,
  rules: RetryRules,
  succeededBefore: boolean,
  random: number,
): number | undefined {
  if (retries >= rules.maxRetries) return undefined;
  if (!isTransient(failure)) {
    const mayHeal = hasCode(failure, REPLICATION) ||
      (!succeededBefore && hasCode(failure, [APPLICATION_NOT_FOUND]));
    if (!mayHeal || retries >= MOST_REPLICATION_RETRIES) return undefined;
  }
  const { retryAfterInMs } = failure.facts;
  if (retryAfterInMs) return retryAfterInMs;
  const exponential = Math.min(rules.maxRetryDelayInMs, rules.retryDelayInMs * 2 ** retries);
  return Math.round(exponential * (0.5 + 0.5 * random));
}

/**
 * Returns what comes on top of a wait that a server asked for, in milliseconds: a random part of up to half, within the
 * longest wait. Clients that were refused together are not to come back together.
 */
export function retryAfterSpread(
  delayInMs: number,
  { maxRetryDelayInMs }: RetryRules,
  random: number,
): number {
  return Math.round(Math.min(delayInMs / 2, maxRetryDelayInMs - delayInMs) * random);
}

function isTransient({ code }: Failure): boolean {
  return code === "network_failed" || code === "timeout" || code === "entra_throttled" ||
    code === "entra_unavailable";
}

function hasCode(failure: Failure, codes: readonly number[]): boolean {
  return failure.facts.errorResponse?.errorCodes?.some((code) => codes.includes(code)) ?? false;
}
