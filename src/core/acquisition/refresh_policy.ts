/** When a cached token is served, refreshed or replaced. Arithmetic only. */

/** With less than this left, callers wait for a new token. */
export const SHORT_IN_MS = 30_000;
/** Callers wait at most until this much is left of a token that is still valid. */
export const LAST_IN_MS = 5_000;
/** After a failed refresh, the next one starts no sooner than this while the cached token is valid. */
export const COOLDOWN_IN_MS = 30_000;
/** Upper limit for honouring `Retry-After` in later calls. */
export const LONGEST_RETRY_AFTER_IN_MS = 3_600_000;

const FIVE_MINUTES = 5 * 60_000;
const TWO_HOURS = 2 * 3_600_000;

/** What the policy looks at in a cache entry. Times are those of one monotonic clock, in milliseconds. */
export interface EntryState {
  /** When the cached token expires; undefined if none is cached. */
  readonly expiresAt: number | undefined;
  /** Until then the token is served without another look. */
  readonly freshUntil: number;
  /** When a refresh may follow a failed one; undefined if none failed. */
  readonly cooldownUntil: number | undefined;
  /** When a response said to retry; undefined if none did. */
  readonly throttledUntil: number | undefined;
  /** Whether an exchange that the cache policy `default` may join is running. */
  readonly isRefreshing: boolean;
}

/** Requirements of a call on the cache. */
export interface CacheDemand {
  /** `bypass` requests a token although one is cached. */
  readonly cachePolicy: "default" | "bypass";
  /** Whether only a new token can satisfy the call, because it answers a claims challenge. */
  readonly needsNewToken: boolean;
}

/** What is done for a call. */
export type Decision =
  /** The cached token is served, and until `freshUntil` without another look. */
  | {
    readonly action: "serve" | "serve_and_refresh";
    readonly freshUntil: number;
    /** Whether the token expires so soon that a refresh of it is as urgent as a call without a token. */
    readonly isShort: boolean;
  }
  /** The caller waits for an exchange, but for no longer than `until` if a cached token can be served then. */
  | { readonly action: "wait"; readonly until: number };

/** Decides whether a cached token is served, served and refreshed, or whether the caller waits for a new one. */
export function decide(entry: EntryState, demand: CacheDemand, now: number): Decision {
  const { expiresAt, freshUntil, cooldownUntil = -Infinity, throttledUntil = -Infinity, isRefreshing } =
    entry;
  if (expiresAt === undefined || expiresAt <= now || demand.needsNewToken) {
    return { action: "wait", until: Infinity };
  }
  const lastChance = expiresAt - LAST_IN_MS;
  const wait = { action: "wait", until: lastChance > now ? lastChance : Infinity } as const;
  if (demand.cachePolicy === "bypass") return wait;
  if (now < freshUntil) return { action: "serve", freshUntil, isShort: false };
  const mayRefresh = now >= cooldownUntil && now >= throttledUntil;
  const isShort = expiresAt - now < SHORT_IN_MS;
  if (mayRefresh && isShort && lastChance > now) return wait;
  let until = isShort ? expiresAt : expiresAt - SHORT_IN_MS;
  for (const pauseUntil of [cooldownUntil, throttledUntil]) {
    if (pauseUntil > now) until = Math.min(until, pauseUntil);
  }
  return { action: mayRefresh && !isRefreshing ? "serve_and_refresh" : "serve", freshUntil: until, isShort };
}

/**
 * Returns how long after it was obtained a token is due for refresh, in milliseconds: at `refresh_in` if Entra sent one,
 * else at half of a life of two hours or more, else five minutes before the end. A random share of up to 10 % of the life
 * is subtracted, so that a fleet that started together does not refresh together, but never to less than half of that.
 * No token is due later than 30 s before its end, from where on callers wait for another one.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime
 */
export function refreshDelay(lifetimeInMs: number, refreshInMs: number | undefined, random: number): number {
  const asked = refreshInMs ?? (lifetimeInMs >= TWO_HOURS ? lifetimeInMs / 2 : lifetimeInMs - FIVE_MINUTES);
  const base = Math.min(asked, lifetimeInMs - SHORT_IN_MS);
  const earliest = (refreshInMs ?? lifetimeInMs) / 2;
  return Math.floor(Math.max(earliest, base - random * 0.1 * lifetimeInMs));
}
