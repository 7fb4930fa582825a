/** What follows a failed attempt. */
import type { ExchangeContext } from "../acquisition/exchange_state.ts";
import type { Failure } from "../failure.ts";
import { blamesAssertion, retryAfterSpread, retryDelay } from "./retry_policy.ts";

/**
 * Returns when it is time for another attempt: at once with an assertion that is new, else after a wait.
 *
 * @throws {Failure} there is to be none
 */
export async function recover(
  context: ExchangeContext,
  failure: Failure,
  readAssertion: (context: ExchangeContext) => Promise<string>,
): Promise<void> {
  const { config, progress, random, succeededBefore, audience } = context;
  if (!progress.hasReadAgain && !audience.isDeserted && blamesAssertion(failure)) {
    progress.hasReadAgain = true;
    // Where it cannot be read again, Entra's refusal says more.
    const assertion = await readAssertion(context).catch(() => progress.assertion);
    if (assertion !== progress.assertion) {
      progress.assertion = assertion;
      return tell(context, failure, 0);
    }
  }
  const delayInMs = retryDelay(failure, progress.retries++, config.retry, succeededBefore, random());
  if (delayInMs === undefined) throw failure;
  await wait(context, failure, delayInMs);
}

/**
 * Waits, unless that takes too long.
 *
 * @throws {Failure} it is longer than the rules allow, or nobody stays for so long
 */
export async function wait(context: ExchangeContext, failure: Failure, delayInMs: number): Promise<void> {
  const { audience, config, random } = context;
  if (delayInMs > config.retry.maxRetryDelayInMs) throw failure.deferred(delayInMs);
  const spreadInMs = failure.facts.retryAfterInMs ? retryAfterSpread(delayInMs, config.retry, random()) : 0;
  const waited = audience.pause(delayInMs, failure, spreadInMs);
  tell(context, failure, delayInMs + spreadInMs);
  await waited;
}

function tell({ config, progress }: ExchangeContext, { code, facts }: Failure, delayInMs: number): void {
  const { statusCode, errorResponse } = facts;
  config.events.emit?.({
    type: "exchange_retried",
    exchangeId: progress.exchangeId,
    code,
    delayInMs,
    ...(statusCode !== undefined && { statusCode }),
    ...(errorResponse?.errorCodes && { errorCodes: errorResponse.errorCodes }),
    correlationId: progress.correlationId,
  });
}
