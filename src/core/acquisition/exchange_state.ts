/** Data that the steps of one exchange share. Types only. */
import type { SteadyClock } from "../clock.ts";
import type { Place } from "../exchange_limiter.ts";
import type { FetchLike, Runtime } from "../contract/runtime.ts";
import type { Failure } from "../failure.ts";
import type { RetryBudget } from "../failure/retry_budget.ts";
import type { FileReads } from "../file_reads.ts";
import type { Config } from "../settings/config.ts";
import type { TokenParameters } from "./token_endpoint.ts";

/** The state and settings that all exchanges of one credential share. */
export interface CredentialContext {
  readonly config: Config;
  readonly runtime: Runtime;
  /** Reads the token file, and the files of `getAssertion`. */
  readonly files: FileReads;
  readonly fetch: FetchLike;
  readonly clock: SteadyClock;
  readonly random: () => number;
  readonly retryBudget: RetryBudget;
}

/** The objects of one exchange. */
export interface ExchangeContext extends CredentialContext {
  readonly parameters: TokenParameters;
  /** True if this credential has ever obtained a token. */
  readonly succeededBefore: boolean;
  readonly state: ExchangeState;
  readonly waiters: Waiters;
  readonly place: Place;
}

/** The progress of an exchange. */
export interface ExchangeState {
  readonly exchangeId: number;
  /** By the monotonic clock. */
  readonly startedAt: number;
  /** Requests that were sent. */
  attempts: number;
  retries: number;
  /** The last assertion, a secret; empty until one was read. */
  assertion: string;
  /** The last request's `client-request-id`. */
  correlationId: string;
  /** True if the assertion was read again after Entra had rejected one. */
  hasReadAgain: boolean;
}

/** The callers who wait for an exchange. */
export interface Waiters {
  /** Aborted when no caller waits any longer. */
  readonly signal: AbortSignal;
  /** True if no caller would benefit from another attempt. */
  readonly isDeserted: boolean;
  /**
   * Waits before the next attempt.
   *
   * @param spreadInMs added to the wait, but not compared with the callers' deadlines
   * @throws {Failure} no caller waits that long
   */
  pause(delayInMs: number, failure: Failure, spreadInMs: number): Promise<void>;
}

/** An earlier response with `Retry-After`, and the rest of that wait. */
export interface Throttle {
  readonly failure: Failure;
  readonly delayInMs: number;
}
