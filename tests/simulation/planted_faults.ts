/**
 * Faults that are planted in the core, at least one for each invariant. Each needs a history to be noticed: a race, a clock
 * that is set, several failures in a row, or unusual tokens. Faults that any call shows are left to `npm run mutate`.
 */

export interface PlantedFault {
  /** The invariant that it has to break. */
  readonly breaks: string;
  readonly what: string;
  readonly file: string;
  /** Text that the file contains exactly once. */
  readonly from: string;
  readonly to: string;
}

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    breaks: "right tokens",
    what: "a token does not expire if the clock is set back",
    file: "src/core/token_cache.ts",
    from: "Math.min(this.#expiresAt, token.expiresOnTimestamp + offset)",
    to: "token.expiresOnTimestamp + offset",
  },
  {
    breaks: "no needless failure",
    what: "a failed exchange rejects its callers although another exchange has obtained a token meanwhile",
    file: "src/core/acquisition/token_acquisition.ts",
    from: ": entry.validToken(clock) ?? this.#cache.validToken(entry.key, clock)",
    to: ": entry.writes !== writes ? undefined : entry.validToken(clock)",
  },
  {
    breaks: "one exchange",
    what: "a second refresh starts if the clock is set back, or a forced exchange ends, during the first",
    file: "src/core/acquisition/refresh_policy.ts",
    from: "mayRefresh && !isRefreshing ?",
    to: "mayRefresh ?",
  },
  {
    breaks: "patience",
    what: "a forced exchange ignores the Retry-After of an earlier one",
    file: "src/core/acquisition/token_acquisition.ts",
    from: "throttle && startedAt < throttle.until",
    to: 'variant === "" && throttle && startedAt < throttle.until',
  },
  {
    breaks: "patience",
    what: "a second Retry-After is ignored",
    file: "src/core/token_cache.ts",
    from: "this.throttle = { until: clock.monotonic() + delayInMs, failure };",
    to: "this.throttle ??= { until: clock.monotonic() + delayInMs, failure };",
  },
  {
    breaks: "bounded load",
    what: "the second failed refresh of a token is followed by the next one at once",
    file: "src/core/token_cache.ts",
    from: "this.#cooldownUntil = clock.monotonic() + COOLDOWN_IN_MS;",
    to: "this.#cooldownUntil ??= clock.monotonic() + COOLDOWN_IN_MS;",
  },
  {
    breaks: "settlement",
    what: "an exchange that is aborted while it waits for a place stays in the queue",
    file: "src/core/exchange_limiter.ts",
    from:
      "this.#limiter.queue(this.#isUrgent).remove(this);\n    this.#waiter.reject(reason);\n    this.#waiter = undefined;",
    to: "this.#waiter.reject(reason);",
  },
  {
    breaks: "nothing left",
    what: "an exchange goes on when its last caller times out during a wait",
    file: "src/core/acquisition/single_flight.ts",
    from: "this.#end(this.#pause ? this.#deferral() : failure);\n        this.#abort();",
    to: "this.#end(this.#pause ? this.#deferral() : failure);",
  },
  {
    breaks: "healing",
    what: "a token from before the clock was set back is fresh again after a failed refresh",
    file: "src/core/token_cache.ts",
    from: "if (this.token && !this.#isDue)",
    to: "if (this.token)",
  },
  {
    breaks: "no secret",
    what: "a network error repeats an assertion whose JSON begins with a space",
    file: "src/core/failure/classify_network.ts",
    from: 'secret ? innermost.replaceAll(secret, "[assertion]") : innermost',
    to: "innermost",
  },
  {
    breaks: "newest wins",
    what: "a refresh overwrites the token of a newer exchange",
    file: "src/core/acquisition/token_acquisition.ts",
    from: "demand.needsNewToken ? exchangeId > entry.challengedBy : entry.writes === writes",
    to: "exchangeId > entry.challengedBy",
  },
  {
    breaks: "newest wins",
    what: "the end of one exchange makes the cache forget the others of its key",
    file: "src/core/token_cache.ts",
    from: "if (this.exchanges?.size === 0) this.exchanges = undefined;",
    to: "this.exchanges = undefined;",
  },
  {
    breaks: "limited concurrency",
    what: "a retry does not wait for a place",
    file: "src/core/acquisition/exchange.ts",
    from: "  await takePlace(context);\n  const { config",
    to: "  const { config",
  },
  {
    breaks: "retry budget",
    what: "only the first success adds a retry",
    file: "src/core/acquisition/token_acquisition.ts",
    from: "this.#succeeded = true;\n    retryBudget",
    to: "if (!this.#succeeded) retryBudget",
  },
];
