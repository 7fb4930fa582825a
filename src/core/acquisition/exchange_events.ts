/** The events of one exchange. */
import type { SteadyClock } from "../clock.ts";
import type { AccessToken } from "../contract/token_credential.ts";
import { Failure } from "../failure.ts";
import { withoutUndefined } from "../json.ts";
import type { Notify } from "../settings/event_source.ts";
import type { ExchangeContext, ExchangeState } from "./exchange_state.ts";

/** Reports how an exchange has ended. */
export function notifyEnd(
  notify: Notify,
  outcome: AccessToken | Failure | "aborted",
  { exchangeId, startedAt, attempts, correlationId }: ExchangeState,
  clock: SteadyClock,
): void {
  const fields = { exchangeId, durationInMs: clock.elapsedSince(startedAt), attempts };
  if (outcome === "aborted") return notify({ type: "exchange_failed", code: outcome, ...fields });
  if (!(outcome instanceof Failure)) {
    const { expiresOnTimestamp } = outcome;
    return notify({ type: "exchange_succeeded", ...fields, expiresOnTimestamp, correlationId });
  }
  notify({
    type: "exchange_failed",
    code: outcome.code,
    ...fields,
    ...responseFields(outcome),
    ...(correlationId && { correlationId }),
  });
}

/** Reports that an attempt has failed and another follows. */
export function notifyRetry({ config, state }: ExchangeContext, failure: Failure, delayInMs: number): void {
  const { exchangeId, correlationId } = state;
  config.events.notify?.({
    type: "exchange_retried",
    exchangeId,
    code: failure.code,
    delayInMs,
    ...responseFields(failure),
    correlationId,
  });
}

function responseFields({ facts: { statusCode, errorResponse } }: Failure) {
  return withoutUndefined({ statusCode, errorCodes: errorResponse?.errorCodes });
}
