import type { Emit } from "../contract/events.ts";
import type { Progress } from "./exchange_state.ts";
import { Failure } from "../failure.ts";
import type { AccessToken } from "../contract/token_credential.ts";

/** Tells how an exchange has ended. */
export function reportEnd(
  emit: Emit,
  outcome: AccessToken | Failure | "aborted",
  { exchangeId, startedAt, attempts, correlationId }: Progress,
  now: number,
): void {
  const told = { exchangeId, durationInMs: now - startedAt, attempts };
  if (outcome === "aborted") return emit({ type: "exchange_failed", code: outcome, ...told });
  if (!(outcome instanceof Failure)) {
    const { expiresOnTimestamp } = outcome;
    return emit({ type: "exchange_succeeded", ...told, expiresOnTimestamp, correlationId });
  }
  const { statusCode, errorResponse } = outcome.facts;
  emit({
    type: "exchange_failed",
    code: outcome.code,
    ...told,
    ...(statusCode !== undefined && { statusCode }),
    ...(errorResponse?.errorCodes && { errorCodes: errorResponse.errorCodes }),
    ...(correlationId && { correlationId }),
  });
}
