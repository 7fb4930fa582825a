import type { ErrorCode, ErrorResponse } from "./contract/errors.ts";

/** What a step knows of its failure. Becomes a `CredentialUnavailableError` only when a caller is to see it. */
export class Failure {
  readonly code: ErrorCode;
  /** One clause in plain words, without a secret, without a full stop. */
  readonly reason: string;
  readonly facts: FailureFacts;

  constructor(code: ErrorCode, reason: string, facts: FailureFacts = {}) {
    this.code = code;
    this.reason = reason;
    this.facts = facts;
  }

  /** The same failure for a caller who does not stay for the next attempt. */
  deferred(retryInMs: number): Failure {
    return new Failure(this.code, this.reason, { ...this.facts, retryInMs });
  }
}

export interface FailureFacts {
  readonly cause?: unknown;
  readonly statusCode?: number;
  readonly errorResponse?: ErrorResponse;
  /** The wait that the server asked for. */
  readonly retryAfterInMs?: number;
  /** The wait that the retry rules came to, where it was too long for the caller. */
  readonly retryInMs?: number;
  /** The server's `Date`, in milliseconds since the Unix epoch. */
  readonly serverTime?: number;
  /** This machine's time when the answer came. */
  readonly receivedAt?: number;
}
