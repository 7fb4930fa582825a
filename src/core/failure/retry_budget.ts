/** With time, the budget returns to the retries of so many exchanges. */
const EXCHANGES = 2;
/** The most retries that successes can add up to. */
const LIMIT = 100;
/** How long time takes to bring the budget one retry closer to its base, from below or from above. */
const STEP_IN_MS = 90_000;

/**
 * The retries that one credential can still make after failures of the endpoint. A retry costs one, a success pays one
 * back, and time brings the budget back to its base. So a lost response is retried, and a long outage is not multiplied.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs
 */
export class RetryBudget {
  readonly #base: number;
  #retries: number;
  #settledAt: number;
  #isExhausted = false;

  /**
   * @param maxRetries of one exchange
   * @param now by a monotonic clock, in milliseconds, as all times here
   */
  constructor(maxRetries: number, now: number) {
    this.#base = this.#retries = EXCHANGES * maxRetries;
    this.#settledAt = now;
  }

  /**
   * Pays for a retry if there is enough left.
   *
   * @returns `exhausted` the first time that there is not, since a retry was last paid
   */
  spend(now: number): "paid" | "exhausted" | "still exhausted" {
    this.#settle(now);
    const wasExhausted = this.#isExhausted;
    this.#isExhausted = this.#retries < 1;
    if (this.#isExhausted) return wasExhausted ? "still exhausted" : "exhausted";
    this.#retries--;
    return "paid";
  }

  noteSuccess(now: number): void {
    this.#settle(now);
    this.#retries = Math.min(Math.max(LIMIT, this.#base), this.#retries + 1);
  }

  #settle(now: number): void {
    const most = (now - this.#settledAt) / STEP_IN_MS;
    this.#retries += Math.max(-most, Math.min(most, this.#base - this.#retries));
    this.#settledAt = now;
  }
}
