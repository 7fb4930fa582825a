/**
 * The calls and faults of one simulated history, as data. A plan is drawn from a seed. A failing seed is shrunk by leaving
 * out parts of its plan and running it again.
 */

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;

/** All times are milliseconds of true time since the beginning. */
export interface Plan {
  readonly seed: number;
  readonly credentials: readonly CredentialPlan[];
  readonly calls: readonly Call[];
  readonly faults: readonly Fault[];
  /** No fault begins after this time. */
  readonly quietFrom: number;
}

export interface CredentialPlan {
  readonly driftInPpm: number;
  readonly source: "file" | "callback";
  readonly maxRetries: number;
  readonly retryDelayInMs: number;
  readonly maxRetryDelayInMs: number;
  readonly requestTimeoutInMs: number;
  readonly maxConcurrentExchanges: number;
  /** Of its access tokens, in seconds. */
  readonly lifetime: number;
  readonly refreshIn: number | undefined;
  /** When Entra knows the federated credential, and the AADSTS code of its rejections until then. */
  readonly replicatedAt: number;
  readonly rejectedWith: number;
}

export interface Call {
  readonly at: number;
  readonly credential: number;
  readonly scope: number;
  readonly tenant: number;
  readonly cae: boolean;
  readonly demand: "plain" | "force" | "claims";
  readonly timeoutInMs: number | undefined;
  readonly abortAfterInMs: number | undefined;
  /** The invalid argument of the call, if it has one. */
  readonly mistake: Mistake | undefined;
}

export type Mistake = "no scope" | "tenant" | "reserved tenant" | "claims" | "timeout";

/** Lasts from `from` until before `to`, for one credential or for all. */
export type Fault =
  | { readonly at: "endpoint" } & Trouble<EndpointFault>
  | { readonly at: "file" } & Trouble<FileFault>
  | { readonly at: "clock"; readonly byMs: number } & Span;

/** A fault that a share of the attempts has. */
export interface Trouble<What> extends Span {
  readonly share: number;
  readonly fault: What;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly credential: number | undefined;
}

export type EndpointFault =
  | { readonly kind: "slow" | "drip" | "deaf"; readonly delayInMs: number }
  | { readonly kind: "lost" | "cut" | "twice" | "doubled" | "redirect" | "repeated" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter: RetryAfter | undefined }
  | { readonly kind: "body"; readonly body: string }
  | { readonly kind: "network"; readonly code: string }
  | { readonly kind: "rejection"; readonly code: number }
  | { readonly kind: "lifetime"; readonly lifetime: number };

export interface RetryAfter {
  readonly form: "seconds" | "date" | "milliseconds";
  readonly delayInMs: number;
}

export type FileFault =
  | { readonly kind: "missing" | "empty" | "half" | "torn" | "stale" | "hanging" | "denied" }
  | { readonly kind: "slow" | "mixed"; readonly delayInMs: number };
