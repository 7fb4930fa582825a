/** When a cached token is renewed. */

const FIVE_MINUTES = 5 * 60_000;
const TWO_HOURS = 2 * 3_600_000;
/** With less than this left, callers wait for a new token. */
export const SHORT_IN_MS = 30_000;

/**
 * Returns how long after it was obtained a token is due for renewal, in milliseconds: at `refresh_in` when Entra sent
 * one, else at half of a life of two hours or more, else five minutes before the end. A random share of up to 10 % of
 * the life comes off, so that a fleet started together does not renew together; but never before half of that. No token
 * is due later than 30 s before its end, from where on callers wait for another one.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime
 */
export function renewalDelay(lifetimeInMs: number, refreshInMs: number | undefined, random: number): number {
  const asked = refreshInMs ?? (lifetimeInMs >= TWO_HOURS ? lifetimeInMs / 2 : lifetimeInMs - FIVE_MINUTES);
  const base = Math.min(asked, lifetimeInMs - SHORT_IN_MS);
  const earliest = (refreshInMs ?? lifetimeInMs) / 2;
  return Math.floor(Math.max(earliest, base - random * 0.1 * lifetimeInMs));
}
