/** Creates the error that a caller gets, with its code, details, message, and a cause without secrets. */
import { AuthenticationError, CredentialUnavailableError, type ErrorDetails } from "../contract/errors.ts";
import type { Failure, FailureFacts } from "../failure.ts";
import { withoutUndefined } from "../json.ts";
import { inOneLine } from "../redaction.ts";
import { cleanCause } from "./clean_cause.ts";

/** The exchange or the call that failed. */
export interface FailedExchange {
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly fmiPath?: string | undefined;
  /** Empty if `getAssertion` is used instead. */
  readonly tokenFilePath: string;
  readonly elapsedInMs: number;
  readonly attempts: number;
  /** The last assertion, a secret; empty until one was read. */
  readonly assertion: string;
  /** The last request's `client-request-id`. */
  readonly correlationId: string;
}

/** The part of an error that the diagnosis adds. */
export interface Advice extends Pick<ErrorDetails, "assertion" | "diagnosis"> {
  /** Lines for the end of the message. */
  readonly lines: readonly string[];
}

/** @param now this machine's time, in milliseconds since the Unix epoch */
export function createCredentialError(
  failure: Failure,
  exchange: FailedExchange,
  now: number,
  advice: Advice | undefined,
): CredentialUnavailableError {
  const { code, facts } = failure;
  const { errorResponse, assertionRequest } = facts;
  const statusCode = facts.statusCode ?? assertionRequest?.statusCode;
  const retryInMs = facts.retryInMs ?? facts.retryAfterInMs ?? assertionRequest?.retryAfterInMs;
  const errorCodes = errorResponse?.errorCodes ?? assertionRequest?.errorCodes;
  const { authority, tenantId, clientId, tokenFilePath, attempts, elapsedInMs } = exchange;
  const clockSkewInMs = measureSkew(facts) ?? assertionRequest?.clockSkewInMs;
  const correlationId = errorResponse?.correlationId ?? assertionRequest?.correlationId ??
    exchange.correlationId;
  const cause = errorResponse
    ? new AuthenticationError(statusCode ?? 0, errorResponse)
    : cleanCause(facts.cause, exchange.assertion);
  const message = [
    describeFailure(failure, retryInMs),
    describePlace(exchange, now, correlationId),
    ...(advice?.lines ?? []).map((line) => `  ${line}`),
  ].join("\n");
  return new CredentialUnavailableError(
    message,
    code,
    withoutUndefined({
      authority,
      tenantId,
      clientId,
      tokenFilePath: tokenFilePath || undefined,
      attempts,
      elapsedInMs,
      retryAfterInMs: retryInMs,
      failedAt: now,
      statusCode,
      errorCodes,
      correlationId: correlationId || undefined,
      clockSkewInMs,
      assertion: advice?.assertion,
      diagnosis: advice?.diagnosis,
    }),
    cause === undefined ? undefined : { cause },
  );
}

/** Returns the failure's text, then Entra's without the IDs, which are on the next line. */
function describeFailure({ reason, facts }: Failure, retryInMs: number | undefined): string {
  const description = facts.errorResponse?.errorDescription?.replace(/\.?\s*(Trace ID:[\s\S]*)?$/, "");
  const wait = retryInMs ? ` Try again in ${Math.ceil(retryInMs / 1000)} s.` : "";
  return inOneLine(`${reason}${description ? `: ${description}` : ""}.${wait}`);
}

function describePlace(
  { authority, tenantId, clientId }: FailedExchange,
  now: number,
  correlationId: string,
): string {
  const id = correlationId && `, correlation id ${correlationId}`;
  return inOneLine(
    `  Where: ${authority}, tenant ${tenantId}, client ${clientId}${id}, ${describeTime(now)}`,
  );
}

/** Formats a time such as `2030-01-01 00:00:00Z`; a number that is not a time is returned as it is. */
export function describeTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? String(time)
    : date.toISOString().replace("T", " ").replace(/\.\d+/, "");
}

/**
 * Returns how far this machine's clock is ahead of Entra's, in milliseconds. Entra's time is in some error
 * responses, and in the header `Date`.
 */
export function measureSkew({ errorResponse, serverTime, receivedAt }: FailureFacts): number | undefined {
  const text = /Current time: ([\d-]+T[\d:]+)/.exec(errorResponse?.errorDescription ?? "")?.[1];
  const time = Date.parse(`${text}Z`) || serverTime;
  return time === undefined || receivedAt === undefined ? undefined : receivedAt - time;
}
