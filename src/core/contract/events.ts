/** Events between a call and its token, for logs, metrics and traces. Types only. */
import type { ErrorCode } from "./errors.ts";
import type { TracingContext } from "./token_credential.ts";

/**
 * Event that `onEvent` and `subscribe` report; `type` distinguishes the kinds. A cache hit is not an event.
 *
 * @example
 * ```ts
 * import { type CredentialEvent, WorkloadIdentityCredential } from "@workload-id/entra";
 *
 * const onEvent = (event: CredentialEvent) => {
 *   if (event.type === "exchange_failed") console.warn(event.code, event.errorCodes);
 * };
 * const credential = new WorkloadIdentityCredential({ onEvent });
 * ```
 */
export type CredentialEvent =
  & {
    /** Time of the event, in milliseconds since the Unix epoch. */
    readonly time: number;
  }
  & (
    | (
      & {
        /** Number of the exchange within its credential, from 1. */
        readonly exchangeId: number;
      }
      & (
        | {
          /** An exchange has started. */
          readonly type: "exchange_started";
          /** The scopes of the token request. */
          readonly scopes: readonly string[];
          /** The authority, without a trailing slash. */
          readonly authority: string;
          /** Present only with `loggingOptions.allowLoggingAccountIdentifiers`. */
          readonly tenantId?: string;
          /** Present only with `loggingOptions.allowLoggingAccountIdentifiers`. */
          readonly clientId?: string;
          /** True if it refreshes a valid token in the background. */
          readonly background: boolean;
          /** True if a caller bypassed the cache with `claims` or `forceRefresh`. */
          readonly forced: boolean;
          /** The context of the caller who started it. */
          readonly tracingContext?: TracingContext;
        }
        | {
          /** Another caller waits for a running exchange. */
          readonly type: "exchange_joined";
          /** The context of the caller who joined. */
          readonly tracingContext?: TracingContext;
        }
        | {
          /** The token file was read, or `getAssertion` has returned. */
          readonly type: "assertion_read";
          /** The duration in milliseconds. */
          readonly durationInMs: number;
        }
        | {
          /** The token in the file had already expired when it was read: the file is not rotated. */
          readonly type: "assertion_stale";
          /** The time since it expired, by this machine's clock, in milliseconds. */
          readonly ageInMs: number;
        }
        | {
          /** An attempt has failed, and another follows. */
          readonly type: "exchange_retried";
          /** The reason why the attempt failed. */
          readonly code: ErrorCode;
          /** The wait before the next attempt, in milliseconds. */
          readonly delayInMs: number;
          /** The response's HTTP status; absent if there was none. */
          readonly statusCode?: number;
          /** The numbers of the AADSTS codes. */
          readonly errorCodes?: readonly number[];
          /** The request's `client-request-id`, which Entra's logs contain too. */
          readonly correlationId: string;
        }
        | {
          /** An exchange has obtained a token. */
          readonly type: "exchange_succeeded";
          /** The duration of the exchange in milliseconds. */
          readonly durationInMs: number;
          /** The number of requests that were sent. */
          readonly attempts: number;
          /** The time at which the token expires, in milliseconds since the Unix epoch. */
          readonly expiresOnTimestamp: number;
          /** The last request's `client-request-id`. */
          readonly correlationId: string;
        }
        | {
          /** An exchange has ended without a token. */
          readonly type: "exchange_failed";
          /** The reason; `aborted` if every caller had aborted. */
          readonly code: ErrorCode | "aborted";
          /** The duration of the exchange in milliseconds. */
          readonly durationInMs: number;
          /** The number of requests that were sent. */
          readonly attempts: number;
          /** The response's HTTP status; absent if there was none. */
          readonly statusCode?: number;
          /** The numbers of the AADSTS codes. */
          readonly errorCodes?: readonly number[];
          /** The last request's `client-request-id`; absent if nothing was sent. */
          readonly correlationId?: string;
        }
        | {
          /** A refresh failed, and the cached token is served until the next one. */
          readonly type: "refresh_deferred";
          /** The reason why the refresh failed. */
          readonly code: ErrorCode;
          /** The wait before the next refresh may start, in milliseconds. */
          readonly delayInMs: number;
        }
        | {
          /**
           * A failed attempt is not retried, because the credential has used up its retry budget. Successes and time refill
           * it. Reported once until a retry is possible again.
           */
          readonly type: "retry_budget_exhausted";
          /** The reason why the attempt failed. */
          readonly code: ErrorCode;
        }
      )
    )
    | {
      /** The CA file of an identity binding has changed. */
      readonly type: "ca_reloaded";
      /** The path of the file. */
      readonly caFile: string;
      /** The reason why the previous CA stays in use; absent if the new one is used. */
      readonly problem?: string;
    }
    | {
      /** No region was detected, so requests go to the global endpoint. */
      readonly type: "region_not_found";
    }
    | {
      /** The network failed, and a variable names a proxy that this runtime does not use. Reported once. */
      readonly type: "proxy_ignored";
      /** The variable, and how to make the runtime use it. */
      readonly explanation: string;
    }
  );

/** Receives events. An error that it throws has no effect. */
export type EventListener = (event: CredentialEvent) => void;

/** The event of one type. */
export type EventOf<Type extends CredentialEvent["type"]> = Extract<CredentialEvent, { type: Type }>;
