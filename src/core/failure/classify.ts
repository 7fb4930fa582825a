/** Classifies the errors of an exchange's steps as a `Failure`. */
import type { ErrorCode, ErrorResponse } from "../contract/errors.ts";
import {
  DeadlineExceeded,
  Failure,
  hasCode,
  InvalidResponse,
  type ResponseProblem,
  UnsuccessfulResponse,
  UnusableAssertion,
} from "../failure.ts";
import { type JsonObject, parseJsonObject, withoutUndefined } from "../json.ts";
import { inOneLine, withoutTokens } from "../redaction.ts";
import { THROTTLED, TRANSIENT } from "./aadsts_sets.ts";
import { classifyReadError, classifyUnusableAssertion } from "./classify_assertion.ts";
import { classifyNetworkError } from "./classify_network.ts";

/** The state of an exchange when an error was thrown. */
export interface FailedStep {
  /** The URL of the request; undefined while the assertion was being read. */
  readonly url: string | undefined;
  /** The path of the token file; empty for `getAssertion`. */
  readonly tokenFilePath: string;
  /** The assertion, which no text may contain; empty if there was none. */
  readonly assertion: string;
}

/** Classifies the error of a step. */
export function classify(error: unknown, { url, tokenFilePath, assertion }: FailedStep): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof DeadlineExceeded) {
    const what = url === undefined ? "Reading the assertion" : "The response";
    return new Failure("timeout", `${what} took longer than ${error.limitInMs} ms`);
  }
  if (error instanceof UnusableAssertion) return classifyUnusableAssertion(error, tokenFilePath);
  if (url === undefined) return classifyReadError(error, tokenFilePath);
  if (error instanceof UnsuccessfulResponse) return classifyErrorResponse(error);
  if (error instanceof InvalidResponse) return classifyInvalidResponse(error);
  return classifyNetworkError(error, url, assertion);
}

const PROBLEMS: Readonly<Record<ResponseProblem, string>> = {
  not_a_response: "The fetch option did not return a response with a status and headers",
  not_a_body: "The body of the response is neither a text nor a stream of bytes",
  too_large: "The response is larger than 1 MiB",
  not_json: "The response is not a JSON object",
  no_access_token: "The response has no access_token",
  not_bearer: "The response's token_type is not Bearer",
  no_expires_in: "The response has no valid expires_in",
  expired: "The token had already expired when the response arrived",
};

function classifyInvalidResponse({ problem, status }: InvalidResponse): Failure {
  const code = problem === "too_large"
    ? "response_too_large"
    : problem === "expired"
    ? "timeout"
    : "response_invalid";
  return new Failure(code, PROBLEMS[problem], { statusCode: status });
}

/**
 * Classifies a response with a status other than 2xx. The result contains no part of a body that is not Entra's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function classifyErrorResponse({ status, headers, body, receivedAt }: UnsuccessfulResponse): Failure {
  if (status === 0 || (status >= 300 && status < 400)) {
    return new Failure("redirect_refused", `The response is a redirect (status ${status})`, {
      statusCode: status,
    });
  }
  const errorResponse = parseErrorResponse(parseJsonObject(body));
  const retryAfterInMs = parseRetryAfter(headers, receivedAt);
  const serverTime = Date.parse(headers.get("date") ?? "");
  const facts = {
    statusCode: status,
    receivedAt,
    errorResponse,
    retryAfterInMs,
    serverTime: serverTime > 0 ? serverTime : undefined,
  };
  const fail = (code: ErrorCode, what: string) =>
    new Failure(code, `${what} (status ${status}${errorResponse ? `, ${errorResponse.error}` : ""})`, facts);
  if (status === 429 || hasCode(errorResponse, THROTTLED)) {
    return fail("entra_throttled", "Entra throttled the request");
  }
  if (
    status === 408 || (status >= 500 && status !== 501 && status !== 505) ||
    hasCode(errorResponse, TRANSIENT) ||
    errorResponse?.error === "temporarily_unavailable"
  ) {
    return fail("entra_unavailable", "Entra is temporarily unavailable");
  }
  if (errorResponse) return fail("entra_rejected", "Entra rejected the request");
  return new Failure(
    "response_invalid",
    `Unexpected response (status ${status}): a proxy or gateway may have responded instead of Entra`,
    facts,
  );
}

/** Returns Entra's error response (RFC 6749, section 5.2) without anything that looks like a token. */
function parseErrorResponse(body: JsonObject | undefined): ErrorResponse | undefined {
  if (typeof body?.error !== "string") return undefined;
  const text = (value: unknown) => typeof value === "string" ? inOneLine(withoutTokens(value)) : undefined;
  const errorDescription = text(body.error_description);
  const codes = Array.isArray(body.error_codes) ? body.error_codes.filter(Number.isInteger) : [];
  const named = /\bAADSTS(\d{4,9})\b/.exec(errorDescription ?? "")?.[1];
  const errorCodes = codes.length > 0 ? codes.slice(0, 10) : named ? [Number(named)] : undefined;
  return withoutUndefined({
    error: inOneLine(withoutTokens(body.error)),
    errorDescription,
    errorCodes,
    timestamp: text(body.timestamp),
    traceId: text(body.trace_id),
    correlationId: text(body.correlation_id),
  });
}

/** Returns the wait that the server requests, in milliseconds (RFC 9110, section 10.2.3, and Azure's finer headers). */
function parseRetryAfter(headers: UnsuccessfulResponse["headers"], now: number): number | undefined {
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
