/** An Entra that grants a limited number of requests per second: a token bucket. */
import type { FetchResponse } from "../../src/core/mod.ts";
import type { SeededRandom } from "../simulation/random.ts";
import type { Scheduler } from "../simulation/scheduler.ts";

export const TOKEN_LIFETIME_IN_SECONDS = 3599;
/** Requests are counted in spans of this length. */
export const BUCKET_IN_MS = 10_000;
/** The bucket holds this much of the rate. */
const BURST_IN_SECONDS = 10;

const GRANT = {
  token_type: "Bearer",
  expires_in: TOKEN_LIFETIME_IN_SECONDS,
  ext_expires_in: TOKEN_LIFETIME_IN_SECONDS,
  access_token: "a token",
};
const THROTTLED = { error: "temporarily_unavailable", error_codes: [90055] };
const UNAVAILABLE = { error: "temporarily_unavailable", error_codes: [90033] };

export interface Limits {
  readonly requestsPerSecond: number;
  /** `Retry-After` for rejected clients, in seconds. */
  readonly retryAfterInSeconds: number;
  /** When every request gets a 503, in milliseconds. */
  readonly outage?: readonly [from: number, until: number];
}

export class RateLimitedEntra {
  /** By spans of `BUCKET_IN_MS`. */
  readonly requests: Float64Array;
  throttled = 0;
  unavailable = 0;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #limits: Limits;
  #budget: number;
  #filledAt = 0;

  constructor(scheduler: Scheduler, random: SeededRandom, limits: Limits, endsAt: number) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#limits = limits;
    this.#budget = limits.requestsPerSecond * BURST_IN_SECONDS;
    // Requests that are in flight at the end still arrive.
    this.requests = new Float64Array(Math.ceil(endsAt / BUCKET_IN_MS) + 100);
  }

  readonly fetch = (): Promise<FetchResponse> => {
    this.#scheduler.wake();
    const response = this.#respond(this.#scheduler.now);
    return new Promise((resolve) => {
      this.#scheduler.after(this.#random.between(50, 250), () => resolve(response));
    });
  };

  #respond(now: number): FetchResponse {
    this.requests[Math.floor(now / BUCKET_IN_MS)]!++;
    const { requestsPerSecond, retryAfterInSeconds, outage } = this.#limits;
    if (outage && outage[0] <= now && now < outage[1]) {
      this.unavailable++;
      return respond(503, UNAVAILABLE);
    }
    const refill = (now - this.#filledAt) / 1000 * requestsPerSecond;
    this.#budget = Math.min(requestsPerSecond * BURST_IN_SECONDS, this.#budget + refill);
    this.#filledAt = now;
    if (this.#budget >= 1) {
      this.#budget--;
      return respond(200, GRANT);
    }
    this.throttled++;
    return respond(429, THROTTLED, retryAfterInSeconds);
  }
}

function respond(status: number, content: unknown, retryAfter?: number): FetchResponse {
  const text = JSON.stringify(content);
  const headers: Record<string, string | undefined> = {
    "content-length": String(text.length),
    "retry-after": retryAfter?.toString(),
  };
  return {
    status,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    body: { async *[Symbol.asyncIterator]() {} },
    text: () => Promise.resolve(text),
  };
}
