/** Decides when a cached token is served, refreshed or replaced. Pure functions. */

/** If the token expires within this time, callers wait for a new one. */
export const SHORT_IN_MS = 30_000;
/** Callers wait no longer than until the valid token expires in this time. */
export const LAST_IN_MS = 5_000;
/** Shortest time between a failed refresh and the next one, while the cached token is valid. */
export const COOLDOWN_IN_MS = 30_000;
/** Upper limit for honouring `Retry-After` in later calls. */
export const LONGEST_RETRY_AFTER_IN_MS = 3_600_000;

const FIVE_MINUTES = 5 * 60_000;
const TWO_HOURS = 2 * 3_600_000;

/** The properties of a cache entry that the policy uses. Times are by one monotonic clock, in milliseconds. */
export interface EntryState {
  /** Time of expiry of the cached token; undefined if none is cached. */
  readonly expiresAt: number | undefined;
  /** The time until which the token is served without a decision. */
  readonly freshUntil: number;
  /** The time from which a refresh may follow a failed one; undefined if none failed. */
  readonly cooldownUntil: number | undefined;
  /** The time from which a response allows a retry; undefined without a `Retry-After`. */
  readonly throttledUntil: number | undefined;
  /** True if an exchange is running that a call with the cache policy `default` may join. */
  readonly isRefreshing: boolean;
}

/** Requirements of a call on the cache. */
export interface CacheDemand {
  /** `bypass` requests a token although one is cached. */
  readonly cachePolicy: "default" | "bypass";
  /** True if only a new token can satisfy the call, because of a claims challenge. */
  readonly needsNewToken: boolean;
}

/** The decision for a call. */
export type Decision =
  /** The cached token is served, until `freshUntil` without another decision. */
  | {
    readonly action: "serve" | "serve_and_refresh";
    readonly freshUntil: number;
    /** True if the token expires so soon that a refresh of it is as urgent as a call without a token. */
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
 * Returns the age in milliseconds at which a token is due for refresh: `refresh_in` if Entra sent one, else half of a
 * lifetime of two hours or more, else five minutes before it expires. A random part of up to 10 % of the lifetime is
 * subtracted, so that pods that started together do not refresh together, but at most half of the age. No token is due
 * later than 30 s before it expires, when callers start to wait for a new one.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime
 */
export function refreshDelay(lifetimeInMs: number, refreshInMs: number | undefined, random: number): number {
  const asked = refreshInMs ?? (lifetimeInMs >= TWO_HOURS ? lifetimeInMs / 2 : lifetimeInMs - FIVE_MINUTES);
  const base = Math.min(asked, lifetimeInMs - SHORT_IN_MS);
  const earliest = (refreshInMs ?? lifetimeInMs) / 2;
  return Math.floor(Math.max(earliest, base - random * 0.1 * lifetimeInMs));
}
