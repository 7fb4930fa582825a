/** What the steps of one exchange share. Types only. */
import type { Config } from "../settings/config.ts";
import type { Failure } from "../failure.ts";
import type { Clock, Runtime } from "../contract/runtime.ts";
import type { TokenRequest } from "./token_request.ts";

/** What an exchange goes by. */
export interface ExchangeContext {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly random: () => number;
  readonly request: TokenRequest;
  /** Whether this credential has ever been given a token. */
  readonly succeededBefore: boolean;
  readonly progress: Progress;
  readonly audience: Audience;
}

/** How far an exchange has come; a failure is explained by it. */
export interface Progress {
  readonly exchangeId: number;
  readonly startedAt: number;
  attempts: number;
  retries: number;
  /** What was sent last; secret. */
  assertion: string;
  /** The last request's `client-request-id`. */
  correlationId: string;
  /** Another assertion was looked for where Entra had refused one. */
  hasReadAgain: boolean;
}

/** Who waits for the exchange. */
export interface Audience {
  /** Aborted when nobody is left. */
  readonly signal: AbortSignal;
  /** Nobody is served by another attempt. */
  readonly isDeserted: boolean;
  /**
   * @param spreadInMs what comes on top, for which nobody is told to leave
   * @throws {Failure} nobody stays for so long
   */
  pause(delayInMs: number, failure: Failure, spreadInMs: number): Promise<void>;
}

/** An earlier answer that said when to come back, and how long that still is. */
export interface HeldBack {
  readonly failure: Failure;
  readonly delayInMs: number;
}
