/** The errors that the steps of an exchange throw, apart from the runtime's own, and the `Failure` that they become. */
import type { ErrorCode, ErrorDetails, ErrorResponse } from "./contract/errors.ts";

/** A classified failure. Becomes a `CredentialUnavailableError` when it reaches a caller. */
export class Failure {
  readonly code: ErrorCode;
  /** One clause without a full stop and without secrets. */
  readonly reason: string;
  readonly facts: FailureFacts;

  constructor(code: ErrorCode, reason: string, facts: FailureFacts = {}) {
    this.code = code;
    this.reason = reason;
    this.facts = facts;
  }

  /** Returns the same failure for a caller that does not wait for the next attempt. */
  deferred(retryInMs: number): Failure {
    return new Failure(this.code, this.reason, { ...this.facts, retryInMs });
  }
}

export interface FailureFacts {
  readonly cause?: unknown;
  /** The details of the token request that should have obtained the assertion, if that is what failed. */
  readonly assertionRequest?: ErrorDetails | undefined;
  readonly statusCode?: number | undefined;
  /** True if DNS said that the host does not exist. */
  readonly isUnknownHost?: boolean | undefined;
  readonly errorResponse?: ErrorResponse | undefined;
  /** The wait that the server asked for. */
  readonly retryAfterInMs?: number | undefined;
  /** The wait of the retry rules, if it is too long for the caller. */
  readonly retryInMs?: number;
  /** The server's `Date`, in milliseconds since the Unix epoch. */
  readonly serverTime?: number | undefined;
  /** This machine's time when the response arrived. */
  readonly receivedAt?: number;
}

/** Returns whether Entra's response has one of the codes. */
export function hasCode(errorResponse: ErrorResponse | undefined, codes: readonly number[]): boolean {
  return errorResponse?.errorCodes?.some((code) => codes.includes(code)) ?? false;
}

/** The assertion is not a JWT in compact form, or is too large to be one. */
export class UnusableAssertion {
  readonly problem: "empty" | "too_large" | "not_a_jwt";

  constructor(problem: UnusableAssertion["problem"]) {
    this.problem = problem;
  }
}

/** A step did not end within its deadline. */
export class DeadlineExceeded {
  /** The deadline, in milliseconds. */
  readonly limitInMs: number;

  constructor(limitInMs: number) {
    this.limitInMs = limitInMs;
  }
}

/** A response with any status but 2xx. */
export class UnsuccessfulResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The body without the assertion; empty for a redirect, whose body is not read. */
  readonly body: string;
  /** This machine's time when the response arrived. */
  readonly receivedAt: number;

  constructor(status: number, headers: UnsuccessfulResponse["headers"], body: string, receivedAt: number) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.receivedAt = receivedAt;
  }
}

/** A response that cannot come from a token endpoint, or whose token has already expired. */
export class InvalidResponse {
  readonly problem: ResponseProblem;
  /** Absent if there was no status. */
  readonly status: number | undefined;

  constructor(problem: ResponseProblem, status?: number) {
    this.problem = problem;
    this.status = status;
  }
}

export type ResponseProblem =
  | "not_a_response"
  | "not_a_body"
  | "too_large"
  | "not_json"
  | "no_access_token"
  | "not_bearer"
  | "no_expires_in"
  | "expired";
