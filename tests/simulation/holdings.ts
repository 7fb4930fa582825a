import type { AccessToken, CredentialEvent } from "../../src/core/mod.ts";
import type { Exchange, Exchanges } from "./exchanges.ts";
import type { IssuedToken, Pod, Simulation } from "./observation.ts";

/**
 * The tokens that the cache can have for a key, as seen from outside: the newest one that a caller got, or one issued
 * since, whose response may have arrived or not. If two exchanges ran at the same time, either token may be cached.
 */
export class Holdings {
  readonly #simulation: Simulation;
  readonly #given = new Map<string, AccessToken>();
  readonly #newest = new Map<string, number>();
  readonly #jumpsAtIssue = new Map<string, number>();
  readonly #bringers = new Map<string, Exchange>();
  readonly #exchanges: Exchanges;

  constructor(simulation: Simulation, exchanges: Exchanges) {
    this.#simulation = simulation;
    this.#exchanges = exchanges;
  }

  onEvent(event: CredentialEvent, pod: Pod): void {
    if (event.type !== "exchange_succeeded") return;
    const { text } = this.#simulation.issuedTo.get(event.correlationId)!;
    this.#bringers.set(text, this.#exchanges.of(event, pod)!);
  }

  onIssued({ text }: IssuedToken, pod: Pod): void {
    this.#jumpsAtIssue.set(text, pod.clock.jumps);
  }

  onGiven(key: string, token: AccessToken): void {
    this.#given.set(token.token, token);
    const place = this.#simulation.issued.get(token.token)?.place ?? -1;
    this.#newest.set(key, Math.max(this.#newest.get(key) ?? -1, place));
  }

  /** Returns whether the cache must have a token that stays valid for that long. */
  surelyHolds(key: string, pod: Pod, forInMs = 0): boolean {
    const candidates = this.#candidates(key);
    return candidates.length > 0 &&
      candidates.every((token) =>
        this.#expiry(token, pod) > pod.clock.time + forInMs && this.#left(token, pod) > forInMs
      );
  }

  /** Returns whether the cache must have a token that is not due for refresh. */
  surelyFresh(key: string, pod: Pod): boolean {
    const candidates = this.#candidates(key);
    const given = this.#given.get(candidates[0]?.text ?? "");
    return candidates.length === 1 && given !== undefined && pod.clock.time < given.refreshAfterTimestamp! &&
      this.#jumpsAtIssue.get(given.token) === pod.clock.jumps;
  }

  #candidates(key: string): readonly IssuedToken[] {
    const issued = this.#simulation.issuedFor.get(key) ?? [];
    const newest = this.#newest.get(key);
    if (newest === undefined) return [];
    const since = this.#bringers.get(issued[newest]!.text)!.besideSince;
    if (since === undefined) return issued.slice(newest);
    return issued.filter(({ issuedAt, place }) => place >= newest || issuedAt >= since);
  }

  /** Returns how long the token is valid at least, by a clock that is never set. */
  #left({ issuedAt, lifeInMs }: IssuedToken, pod: Pod): number {
    return lifeInMs - (this.#simulation.scheduler.now - issuedAt) * pod.clock.rate - 1_000;
  }

  /** By the pod's clock; of a token that nobody was given it is known only while the clock was left alone. */
  #expiry({ text }: IssuedToken, pod: Pod): number {
    const given = this.#given.get(text);
    if (given) return given.expiresOnTimestamp;
    if (this.#jumpsAtIssue.get(text) !== pod.clock.jumps) return -Infinity;
    return Infinity;
  }
}
