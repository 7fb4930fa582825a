import type { Holdings } from "../holdings.ts";
import type { Failure, Invariant, RequestRecord, Scene } from "../observation.ts";
import { HOUR } from "../plan.ts";

interface Lane {
  retries: number;
  failure: Failure | undefined;
  /** What the server asked for, by the pod's clock, and how often that had been set by then. */
  wish: { readonly since: number; readonly until: number; readonly jumps: number } | undefined;
}

/**
 * No attempt before its backoff, and none against the server's express wish.
 *
 * An attempt that no read of the assertion set off is a retry: at least half of the exponential wait, or the whole
 * Retry-After, lies behind it. A Retry-After is remembered for its key, up to an hour and while the clock is left
 * alone, whoever gave up meanwhile.
 */
export class Patience implements Invariant {
  readonly #scene: Scene;
  readonly #holdings: Holdings;
  readonly #lanes = new Map<string, Lane>();

  constructor(scene: Scene, holdings: Holdings) {
    this.#scene = scene;
    this.#holdings = holdings;
  }

  onSent({ number, key, claims, pod, cause }: RequestRecord): void {
    if (this.#holdings.isContested(key)) return;
    const lane = this.#lane(key, claims);
    const { wish } = lane;
    const { clock } = pod;
    if (wish && wish.jumps === clock.jumps && clock.time < wish.until - 2) {
      this.#breach(
        `request ${number} for ${key} came ${wish.until - clock.time} ms before the server's Retry-After`,
      );
    }
    if (cause === "read") {
      lane.retries = 0;
      return;
    }
    const { failure } = lane;
    if (!failure) {
      return this.#breach(`request ${number} for ${key} is the first, and no assertion was read for it`);
    }
    const { retryDelayInMs, maxRetryDelayInMs, maxRetries } = pod.plan;
    const backoff = failure.retryAfterInMs ||
      Math.min(maxRetryDelayInMs, retryDelayInMs * 2 ** lane.retries) / 2;
    const waited = (this.#scene.scheduler.now - failure.failedAt) * clock.rate;
    if (waited < backoff - 2) {
      this.#breach(`request ${number} for ${key} came after ${waited} ms of at least ${backoff}`);
    }
    if (++lane.retries > maxRetries) {
      this.#breach(`request ${number} for ${key} is retry ${lane.retries} of ${maxRetries}`);
    }
  }

  onFailed({ key, claims, pod }: RequestRecord, failure: Failure): void {
    const lane = this.#lane(key, claims);
    lane.failure = failure;
    const { time, jumps } = pod.clock;
    if (failure.retryAfterInMs > 0) {
      lane.wish = { since: time, until: time + Math.min(failure.retryAfterInMs, HOUR), jumps };
    }
  }

  #breach(what: string): void {
    this.#scene.breach("patience", what);
  }

  #lane(key: string, claims: boolean): Lane {
    const name = `${key} ${claims}`;
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, lane = { retries: 0, failure: undefined, wish: undefined });
    return lane;
  }
}
