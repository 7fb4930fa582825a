/** What happens between a call and its token, for logs, metrics and traces. Types only. */
import type { ErrorCode } from "./errors.ts";
import type { TracingContext } from "./token_credential.ts";

/** What every event carries. */
export interface EventBase {
  /** When it happened, in milliseconds since the Unix epoch. */
  readonly time: number;
}

/** What every event of one exchange carries. */
export interface ExchangeEventBase extends EventBase {
  /** Counts the exchanges of one credential, from 1. */
  readonly exchangeId: number;
}

/** An exchange has begun. */
export interface ExchangeStarted extends ExchangeEventBase {
  /** Which event it is. */
  readonly type: "exchange_started";
  /** What the token is for. */
  readonly scopes: readonly string[];
  /** Entra's address. */
  readonly authority: string;
  /** Only with `loggingOptions.allowLoggingAccountIdentifiers`. */
  readonly tenantId?: string;
  /** Only with `loggingOptions.allowLoggingAccountIdentifiers`. */
  readonly clientId?: string;
  /** A renewal behind a caller who already has a valid token. */
  readonly background: boolean;
  /** A caller skipped the cache by `claims` or `forceRefresh`. */
  readonly forced: boolean;
  /** Of the caller who set it off. */
  readonly tracingContext?: TracingContext;
}

/** Another caller waits for an exchange that was running already. */
export interface ExchangeJoined extends ExchangeEventBase {
  /** Which event it is. */
  readonly type: "exchange_joined";
  /** Of the caller who joined. */
  readonly tracingContext?: TracingContext;
}

/** The token file was read, or `getAssertion` has answered. */
export interface AssertionRead extends ExchangeEventBase {
  /** Which event it is. */
  readonly type: "assertion_read";
  /** How long it took, in milliseconds. */
  readonly durationInMs: number;
}

/** An attempt has failed, and another follows. */
export interface ExchangeRetried extends ExchangeEventBase {
  /** Which event it is. */
  readonly type: "exchange_retried";
  /** Why, for code. */
  readonly code: ErrorCode;
  /** The wait before the next attempt. */
  readonly delayInMs: number;
  /** The answer's HTTP status; absent where there was none. */
  readonly statusCode?: number;
  /** The numbers of the AADSTS codes. */
  readonly errorCodes?: readonly number[];
  /** The request's `client-request-id`, by which Entra's logs know it too. */
  readonly correlationId: string;
}

/** An exchange has given a token. */
export interface ExchangeSucceeded extends ExchangeEventBase {
  /** Which event it is. */
  readonly type: "exchange_succeeded";
  /** From the start of the exchange, in milliseconds. */
  readonly durationInMs: number;
  /** Requests that were sent. */
  readonly attempts: number;
  /** In milliseconds since the Unix epoch. */
  readonly expiresOnTimestamp: number;
  /** The last request's `client-request-id`. */
  readonly correlationId: string;
}

/** An exchange has ended without a token. */
export interface ExchangeFailed extends ExchangeEventBase {
  /** Which event it is. */
  readonly type: "exchange_failed";
  /** `aborted`: every caller had aborted. */
  readonly code: ErrorCode | "aborted";
  /** From the start of the exchange, in milliseconds. */
  readonly durationInMs: number;
  /** Requests that were sent. */
  readonly attempts: number;
  /** The answer's HTTP status; absent where there was none. */
  readonly statusCode?: number;
  /** The numbers of the AADSTS codes. */
  readonly errorCodes?: readonly number[];
  /** The last request's `client-request-id`; absent where nothing was sent. */
  readonly correlationId?: string;
}

/** A renewal failed, and the valid token is served until the next one. */
export interface RefreshDeferred extends ExchangeEventBase {
  /** Which event it is. */
  readonly type: "refresh_deferred";
  /** Why, for code. */
  readonly code: ErrorCode;
  /** The next renewal starts no sooner. */
  readonly delayInMs: number;
}

/** The CA file of an identity binding has changed. */
export interface CaReloaded extends EventBase {
  /** Which event it is. */
  readonly type: "ca_reloaded";
  /** The file's path. */
  readonly caFile: string;
  /** Why the CA before it stays in use; absent where the new one took its place. */
  readonly problem?: string;
}

/** A region was to be detected and there is none to find: requests go to the global endpoint. */
export interface RegionNotFound extends EventBase {
  /** Which event it is. */
  readonly type: "region_not_found";
}

/** The network has failed, and the environment names a proxy that this runtime does not use. Told once. */
export interface ProxyIgnored extends EventBase {
  /** The event's name. */
  readonly type: "proxy_ignored";
  /** Which variable, and what to do about it. */
  readonly explanation: string;
}

/** What `onEvent` is told. A cache hit is no event. */
export type CredentialEvent =
  | ExchangeStarted
  | ExchangeJoined
  | AssertionRead
  | ExchangeRetried
  | ExchangeSucceeded
  | ExchangeFailed
  | RefreshDeferred
  | CaReloaded
  | RegionNotFound
  | ProxyIgnored;

/** Is told of events. What it throws harms nothing. */
export type EventListener = (event: CredentialEvent) => void;
