import { withDeadline } from "../clock.ts";
import type { AccessToken } from "../contract/token_credential.ts";
import { type Failure, InvalidResponse } from "../failure.ts";
import { classify } from "../failure/classify.ts";
import { isAssertionRejected, isTransient, retryAfterSpread, retryDelay } from "../failure/retry_policy.ts";
import { createAccessToken } from "./token_response.ts";
import { readAssertion } from "./assertion.ts";
import { notifyRetry } from "./exchange_events.ts";
import type { ExchangeContext, Throttle } from "./exchange_state.ts";
import { buildTokenRequest, createRequestId, sendTokenRequest } from "./token_endpoint.ts";

/**
 * Exchanges an assertion for a token, with as many attempts as the retry rules and the waiters allow.
 *
 * @param throttle an earlier response that determines when the first attempt may start
 * @throws {Failure}
 */
export async function exchange(context: ExchangeContext, throttle?: Throttle): Promise<AccessToken> {
  try {
    if (throttle) await pause(context, throttle.failure, throttle.delayInMs);
    return await attemptUntilSuccess(context);
  } finally {
    context.place.leave();
  }
}

async function attemptUntilSuccess(context: ExchangeContext): Promise<AccessToken> {
  const { state, waiters } = context;
  /** The failure after which another assertion is being read. */
  let rejected: Failure | undefined;
  while (true) {
    try {
      if (rejected || state.assertion === "") {
        await takePlace(context);
        const assertion = await readAssertion(context, rejected !== undefined);
        if (rejected) {
          if (assertion === state.assertion) throw rejected;
          notifyRetry(context, rejected, 0);
          rejected = undefined;
        }
        state.assertion = assertion;
      }
      return await attempt(context);
    } catch (error) {
      if (waiters.signal.aborted) throw error;
      // If no other assertion can be read, Entra's response is more helpful than that error.
      const failure = rejected ?? classify(error, describeStep(context));
      rejected = undefined;
      if (!state.hasReadAgain && !waiters.isDeserted && isAssertionRejected(failure)) {
        state.hasReadAgain = true;
        rejected = failure;
      } else await waitToRetry(context, failure);
    }
  }
}

async function takePlace({ place }: ExchangeContext): Promise<void> {
  if (!place.take()) await place.waitFor();
}

async function attempt(context: ExchangeContext): Promise<AccessToken> {
  await takePlace(context);
  const { config, clock, fetch, parameters, state, random, waiters } = context;
  state.correlationId = createRequestId(random);
  state.attempts++;
  const request = buildTokenRequest(parameters, state.assertion, state.correlationId);
  const sentAt = clock.now();
  const sentAtMonotonic = clock.monotonic();
  const response = await withDeadline(
    clock,
    config.requestTimeoutInMs,
    waiters.signal,
    (signal) => sendTokenRequest(request, state.assertion, fetch, clock, signal),
  );
  if (sentAt + response.expiresInMs <= clock.now()) throw new InvalidResponse("expired");
  // Earlier than `sentAt` if the clock was set back meanwhile.
  const startedAt = clock.now() - clock.elapsedSince(sentAtMonotonic);
  return createAccessToken(response, Math.min(sentAt, startedAt), random());
}

/** A failure to read the assertion is not retried, because nothing was sent. */
async function waitToRetry(context: ExchangeContext, failure: Failure): Promise<void> {
  const { config, state, random, succeededBefore } = context;
  if (state.attempts === 0) throw failure;
  const delayInMs = retryDelay(failure, state.retries++, config.retry, succeededBefore, random());
  if (delayInMs === undefined) throw failure;
  if (isTransient(failure)) payRetry(context, failure);
  await pause(context, failure, delayInMs);
}

/** @throws {Failure} the retry budget is used up */
function payRetry({ config, clock, state, retryBudget }: ExchangeContext, failure: Failure): void {
  const outcome = retryBudget.spend(clock.monotonic());
  if (outcome === "paid") return;
  if (outcome === "exhausted") {
    const { exchangeId } = state;
    config.events.notify?.({ type: "retry_budget_exhausted", exchangeId, code: failure.code });
  }
  throw failure;
}

/** @throws {Failure} the wait is longer than the rules or any caller allow */
async function pause(context: ExchangeContext, failure: Failure, delayInMs: number): Promise<void> {
  const { waiters, config, random, place } = context;
  place.leave();
  if (delayInMs > config.retry.maxRetryDelayInMs) throw failure.deferred(delayInMs);
  const spreadInMs = failure.facts.retryAfterInMs ? retryAfterSpread(delayInMs, config.retry, random()) : 0;
  const paused = waiters.pause(delayInMs, failure, spreadInMs);
  notifyRetry(context, failure, delayInMs + spreadInMs);
  await paused;
}

function describeStep({ config, parameters, state }: ExchangeContext) {
  const { tokenFilePath } = config;
  return {
    url: state.assertion ? parameters.endpoint : undefined,
    tokenFilePath,
    assertion: state.assertion,
  };
}
