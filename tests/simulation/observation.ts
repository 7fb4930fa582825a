/** What the invariants observe: only what passes through the ports, never the credential's inside. */
import type { AccessToken, CredentialEvent } from "../../src/core/mod.ts";
import type { LocalClock } from "./local_clock.ts";
import type { Call, CredentialPlan, Plan } from "./plan.ts";
import type { Scheduler } from "./scheduler.ts";

/** One call of `getToken` and how it stands. */
export interface CallRecord {
  readonly number: number;
  readonly call: Call;
  readonly key: string;
  readonly pod: Pod;
  readonly askedAt: number;
  /** By the pod's clock. */
  readonly askedTime: number;
  /** Asked after the last fault, to see whether the system has healed. */
  readonly isLast: boolean;
  state: "waiting" | "given" | "failed";
  token: AccessToken | undefined;
  error: unknown;
  abortedAt: number | undefined;
  /** What its signal was aborted with; undefined for a signal without reasons. */
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
  /** Whether it is the first request after its exchange read the assertion; else it is a retry. */
  followsRead: boolean;
  readonly sentAt: number;
  /** By the pod's clock. */
  readonly sentTime: number;
  /** The pod's clock was set by so much when it was sent. */
  readonly offset: number;
  isOver: boolean;
}

/** One token that the endpoint has issued; its answer may still be lost. */
export interface IssuedToken {
  readonly text: string;
  readonly key: string;
  /** The `client-request-id` of the request for it. */
  readonly requestId: string;
  /** Its number among those of its key, from 0. */
  readonly place: number;
  readonly issuedAt: number;
  readonly lifeInMs: number;
  /** The pod's clock was set by so much when it asked. */
  readonly offset: number;
}

/** How one request failed, as its sender could see it. */
export interface Failure {
  readonly failedAt: number;
  /** The wait that the answer asked for; 0 where it asked for none. */
  readonly retryAfterInMs: number;
  /** It blamed the assertion: one more read may set off another attempt at once. */
  readonly mayReadAgain: boolean;
}

/** One machine with its clock and one credential. */
export interface Pod {
  readonly index: number;
  readonly plan: CredentialPlan;
  readonly clock: LocalClock;
}

/** What every invariant may look at. */
export interface Simulation {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly pods: readonly Pod[];
  /** By its text. */
  readonly issued: ReadonlyMap<string, IssuedToken>;
  /** By the `client-request-id` of the request; the last one where it was granted twice. */
  readonly issuedTo: ReadonlyMap<string, IssuedToken>;
  /** By key, in the order of their issue. */
  readonly issuedFor: ReadonlyMap<string, readonly IssuedToken[]>;
  readonly calls: readonly CallRecord[];
  readonly requests: readonly RequestRecord[];
  /** Reports a violation: the history is over. */
  violation(invariant: string, what: string): void;
}

/** One promise of the credential's, watched through a whole history. */
export interface Invariant {
  onCall?(call: CallRecord): void;
  onSettled?(call: CallRecord): void;
  onSent?(request: RequestRecord): void;
  onFailed?(request: RequestRecord, failure: Failure): void;
  onIssued?(token: IssuedToken, request: RequestRecord): void;
  onJump?(pod: Pod): void;
  /** What the credential itself tells. */
  onEvent?(event: CredentialEvent, pod: Pod): void;
  /** After each event, when nothing moves any more. */
  atRest?(): void;
  /** When nothing is left to happen. */
  atEnd?(): void;
}
