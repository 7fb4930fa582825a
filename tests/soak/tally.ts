import type { AccessToken, CredentialEvent } from "../../mod.ts";

const MOST_PRINTED = 5;

/** Counts results and events, and finds the calls that broke a promise. */
export class Tally {
  readonly counts = { calls: 0, failed: 0, violations: 0, exchanges: 0, exchangesFailed: 0, retries: 0 };
  /** The latest expiry of any token that a caller got, by resource. */
  readonly #validUntil = new Map<string, number>();
  /** The claims of each token, decoded once. */
  readonly #claims = new WeakMap<AccessToken, { aud: string; exp: number }>();

  note({ type }: CredentialEvent): void {
    if (type === "exchange_succeeded" || type === "exchange_failed") this.counts.exchanges++;
    if (type === "exchange_failed") this.counts.exchangesFailed++;
    if (type === "exchange_retried") this.counts.retries++;
  }

  succeed(resource: string, token: AccessToken): void {
    const now = Date.now();
    this.counts.calls++;
    let claims = this.#claims.get(token);
    if (!claims) {
      claims = JSON.parse(atob(token.token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")));
      this.#claims.set(token, claims!);
    }
    const { aud, exp } = claims!;
    if (token.expiresOnTimestamp <= now) this.#violate(`a token that expired at ${token.expiresOnTimestamp}`);
    else if (exp * 1000 <= now) this.#violate(`a token whose exp ${exp} has passed`);
    else if (aud !== resource) this.#violate(`a token for ${aud} instead of ${resource}`);
    const known = this.#validUntil.get(resource) ?? 0;
    this.#validUntil.set(resource, Math.max(known, token.expiresOnTimestamp));
  }

  fail(resource: string, error: unknown): void {
    this.counts.calls++;
    this.counts.failed++;
    const left = (this.#validUntil.get(resource) ?? 0) - Date.now();
    if (left > 0) this.#violate(`a failure with ${left} ms left of a valid token: ${error}`);
  }

  #violate(what: string): void {
    if (++this.counts.violations <= MOST_PRINTED) console.error(`violation: ${what}`);
  }
}
