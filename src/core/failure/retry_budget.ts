/** The base of the budget is the retries of this many exchanges. */
const EXCHANGES = 2;
/** Upper limit of the budget, which successes can reach. */
const LIMIT = 100;
/** The time after which the budget is one retry closer to its base, from below or from above. */
const STEP_IN_MS = 90_000;

/**
 * The number of retries that a credential may still make after failures of the endpoint. A retry costs one, a success adds
 * one, and over time the budget returns to its base. So a lost response is retried, but a long outage does not multiply
 * requests.
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
   * @param now the time by a monotonic clock, in milliseconds
   */
  constructor(maxRetries: number, now: number) {
    this.#base = this.#retries = EXCHANGES * maxRetries;
    this.#settledAt = now;
  }

  /**
   * Pays for a retry if the budget suffices.
   *
   * @returns `exhausted` the first time after a paid retry that it does not suffice, then undefined
   */
  spend(now: number): "paid" | "exhausted" | undefined {
    this.#settle(now);
    const wasExhausted = this.#isExhausted;
    this.#isExhausted = this.#retries < 1;
    if (this.#isExhausted) return wasExhausted ? undefined : "exhausted";
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
