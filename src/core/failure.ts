import type { ErrorCode, ErrorDetails, ErrorResponse } from "./contract/errors.ts";

/** A classified failure. Becomes a `CredentialUnavailableError` when it reaches a caller. */
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

  /** Returns the same failure for a caller who does not wait for the next attempt. */
  deferred(retryInMs: number): Failure {
    return new Failure(this.code, this.reason, { ...this.facts, retryInMs });
  }
}

export interface FailureFacts {
  readonly cause?: unknown;
  /** The details of the token request that should have obtained the assertion, if that is what failed. */
  readonly assertionRequest?: ErrorDetails;
  readonly statusCode?: number;
  /** Whether DNS said that the host does not exist. */
  readonly isUnknownHost?: boolean;
  readonly errorResponse?: ErrorResponse;
  /** The wait that the server asked for. */
  readonly retryAfterInMs?: number;
  /** The wait that the retry rules came to, where it was too long for the caller. */
  readonly retryInMs?: number;
  /** The server's `Date`, in milliseconds since the Unix epoch. */
  readonly serverTime?: number;
  /** This machine's time when the response arrived. */
  readonly receivedAt?: number;
}
