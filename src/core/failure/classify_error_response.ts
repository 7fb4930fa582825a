/** What an answer without a token says. */
import type { ErrorResponse } from "../contract/errors.ts";
import { inOneLine } from "../diagnosis/context.ts";
import { Failure } from "../failure.ts";
import { withoutTokens } from "../redaction.ts";
import type { Json } from "../acquisition/token_response.ts";

interface Headers {
  get(name: string): string | null;
}

/** Codes that Entra gives to its own passing faults, and to throttling. */
const TRANSIENT = [90012, 90024, 90033, 90006, 50033];
const THROTTLED = [90055];

/**
 * Describes an answer of any status but 2xx. No part of a body that is not Entra's own error ends up in it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function describeRefusal(
  status: number,
  headers: Headers,
  body: Json | undefined,
  now: number,
): Failure {
  const errorResponse = body && parseErrorResponse(body);
  const retryAfterInMs = parseRetryAfter(headers, now);
  const serverTime = Date.parse(headers.get("date") ?? "");
  const facts = {
    statusCode: status,
    receivedAt: now,
    ...(errorResponse && { errorResponse }),
    ...(retryAfterInMs !== undefined && { retryAfterInMs }),
    ...(serverTime > 0 && { serverTime }),
  };
  const has = (codes: number[]) => errorResponse?.errorCodes?.some((code) => codes.includes(code));
  const said = errorResponse ? ` and said ${errorResponse.error}` : "";
  if (status === 429 || has(THROTTLED)) {
    return new Failure("entra_throttled", `Entra throttled the request (status ${status})${said}`, facts);
  }
  if (
    status === 408 || (status >= 500 && status !== 501 && status !== 505) || has(TRANSIENT) ||
    errorResponse?.error === "temporarily_unavailable"
  ) {
    return new Failure(
      "entra_unavailable",
      `Entra is not available at the moment (status ${status})${said}`,
      facts,
    );
  }
  if (errorResponse) {
    return new Failure("entra_rejected", `Entra refused the request (status ${status})${said}`, facts);
  }
  return new Failure(
    "response_invalid",
    `the answer has status ${status} and is not Entra's: something between may have answered`,
    facts,
  );
}

function parseErrorResponse(body: Json): ErrorResponse | undefined {
  if (typeof body.error !== "string") return undefined;
  const text = (value: unknown) => typeof value === "string" ? inOneLine(withoutTokens(value)) : undefined;
  const errorDescription = text(body.error_description);
  const timestamp = text(body.timestamp);
  const traceId = text(body.trace_id);
  const correlationId = text(body.correlation_id);
  const codes = Array.isArray(body.error_codes) ? body.error_codes.filter(Number.isInteger) : [];
  const named = /\bAADSTS(\d{4,9})\b/.exec(errorDescription ?? "")?.[1];
  const errorCodes = codes.length > 0 ? codes.slice(0, 10) : named ? [Number(named)] : undefined;
  return Object.freeze({
    error: inOneLine(withoutTokens(body.error)),
    ...(errorDescription !== undefined && { errorDescription }),
    ...(errorCodes && { errorCodes }),
    ...(timestamp !== undefined && { timestamp }),
    ...(traceId !== undefined && { traceId }),
    ...(correlationId !== undefined && { correlationId }),
  });
}

/** The wait that the server asks for in milliseconds (RFC 9110, section 10.2.3, and Azure's finer headers). */
function parseRetryAfter(headers: Headers, now: number): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const value = headers.get(name)?.trim();
    if (value && /^\d{1,12}$/.test(value)) return Number(value);
  }
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const server = Date.parse(headers.get("date") ?? "");
  return Math.max(0, until - (Number.isNaN(server) ? now : server));
}
