/**
 * What happens in one simulated history, as data: who calls when, and what goes wrong when. A seed draws a plan; a
 * plan can be cut down and run again, which is how a failing seed is shrunk.
 */

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;

/** All times are milliseconds of true time since the beginning. */
export interface Plan {
  readonly seed: number;
  readonly credentials: readonly CredentialPlan[];
  readonly calls: readonly Call[];
  readonly faults: readonly Fault[];
  /** Nothing goes wrong from here on. */
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
  /** From when on Entra knows the federated credential, and how it refuses until then. */
  readonly replicatedAt: number;
  readonly refusedWith: number;
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
  /** What is wrong with the call itself. */
  readonly mistake: Mistake | undefined;
}

export type Mistake = "no scope" | "tenant" | "reserved tenant" | "claims" | "timeout";

/** Goes wrong from `from` on, before `to`, for one credential or for all. */
export type Fault =
  | { readonly at: "endpoint" } & Trouble<EndpointFault>
  | { readonly at: "file" } & Trouble<FileFault>
  | { readonly at: "clock"; readonly byMs: number } & Span;

/** A fault that some tries meet: this share of them. */
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
  | { readonly kind: "refusal"; readonly code: number }
  | { readonly kind: "lifetime"; readonly lifetime: number };

export interface RetryAfter {
  readonly form: "seconds" | "date" | "milliseconds";
  readonly delayInMs: number;
}

export type FileFault =
  | { readonly kind: "missing" | "empty" | "half" | "torn" | "stale" | "hanging" | "denied" }
  | { readonly kind: "slow" | "mixed"; readonly delayInMs: number };
