/** The objects that invariants observe. They see what passes through the ports, never the credential's private state. */
import type { AccessToken, CredentialEvent } from "../../src/core/mod.ts";
import type { LocalClock } from "./local_clock.ts";
import type { Call, CredentialPlan, Plan } from "./plan.ts";
import type { Scheduler } from "./scheduler.ts";

/** One call of `getToken` and its state. */
export interface CallRecord {
  readonly number: number;
  readonly call: Call;
  readonly key: string;
  readonly pod: Pod;
  /** By the pod's clock. */
  readonly askedTime: number;
  /** True for the last call after the last fault, when the system must have recovered. */
  readonly isLast: boolean;
  state: "waiting" | "given" | "failed";
  token: AccessToken | undefined;
  error: unknown;
  abortedAt: number | undefined;
  /** The abort reason of its signal; undefined for a signal without reasons. */
  readonly reason: unknown;
  /** Listeners that are still on its signal. */
  listeners: number;
}

/** One HTTP request. */
export interface RequestRecord {
  readonly number: number;
  readonly key: string;
  readonly pod: Pod;
  readonly claims: boolean;
  /** Its `client-request-id`. */
  readonly id: string;
  /** True for the first request after its exchange has read the assertion; else it is a retry. */
  followsRead: boolean;
  readonly sentAt: number;
  /** By the pod's clock. */
  readonly sentTime: number;
  /** The pod's `clock.offset` when it was sent. */
  readonly offset: number;
  isOver: boolean;
}

/** One token that the endpoint has issued; the response may still be lost. */
export interface IssuedToken {
  readonly text: string;
  readonly key: string;
  /** The `client-request-id` of the request for it. */
  readonly requestId: string;
  /** Its number among those of its key, from 0. */
  readonly place: number;
  readonly issuedAt: number;
  readonly lifeInMs: number;
  /** The pod's `clock.offset` when the request was sent. */
  readonly offset: number;
}

/** The failure of one request, as its sender could see it. */
export interface Failure {
  readonly failedAt: number;
  /** The `Retry-After` of the response; 0 without one. */
  readonly retryAfterInMs: number;
  /** Entra rejected the assertion itself: it may be read once more, and sent at once. */
  readonly mayReadAgain: boolean;
}

/** One machine with its clock and one credential. */
export interface Pod {
  readonly index: number;
  readonly plan: CredentialPlan;
  readonly clock: LocalClock;
}

/** The data that every invariant can read. */
export interface Simulation {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly pods: readonly Pod[];
  /** By its text. */
  readonly issued: ReadonlyMap<string, IssuedToken>;
  /** By the `client-request-id` of the request; the last one if two were issued for it. */
  readonly issuedTo: ReadonlyMap<string, IssuedToken>;
  /** By key, in the order of their issue. */
  readonly issuedFor: ReadonlyMap<string, readonly IssuedToken[]>;
  readonly calls: readonly CallRecord[];
  readonly requests: readonly RequestRecord[];
  /** Reports a violation, which ends the history. */
  violation(invariant: string, what: string): void;
}

/** One promise of the credential, checked through a whole history. */
export interface Invariant {
  onCall?(call: CallRecord): void;
  onSettled?(call: CallRecord): void;
  onSent?(request: RequestRecord): void;
  onFailed?(request: RequestRecord, failure: Failure): void;
  onIssued?(token: IssuedToken, request: RequestRecord): void;
  /** An event that the credential emits. */
  onEvent?(event: CredentialEvent, pod: Pod): void;
  /** Called after each event, once all promise jobs have run. */
  atRest?(): void;
  /** Called when no event is left. */
  atEnd?(): void;
}
