import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { CallRecord, Invariant, Pod, RequestRecord, Simulation } from "../observation.ts";

interface Written {
  readonly text: string;
  /** In the order of events. */
  readonly place: number;
  readonly surelyFreshUntil: number;
  readonly jumps: number;
}

/**
 * An exchange that began before the last write of an entry never overwrites the token, unless it satisfies a claims
 * challenge and no newer challenge has been satisfied. A call that finds a fresh token gets the one written last.
 */
export class NewestWins implements Invariant {
  readonly #simulation: Simulation;
  #place = 0;
  readonly #begun = new Map<string, number>();
  readonly #written = new Map<string, Written>();
  readonly #expected = new Map<number, string>();
  /** The `client-request-id` of every request that satisfies a challenge. */
  readonly #challenges = new Set<string>();
  /** The start of the exchange whose token for a claims challenge was written last. */
  readonly #challengeWritten = new Map<string, number>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  onSent({ id, claims }: RequestRecord): void {
    if (claims) this.#challenges.add(id);
  }

  onEvent(event: CredentialEvent, { index, clock }: Pod): void {
    if (event.type === "exchange_started") this.#begun.set(`${index} ${event.exchangeId}`, ++this.#place);
    if (event.type !== "exchange_succeeded") return;
    const token = this.#simulation.issuedTo.get(event.correlationId)!;
    const began = this.#begun.get(`${index} ${event.exchangeId}`)!;
    if (this.#challenges.has(event.correlationId)) {
      if (began < (this.#challengeWritten.get(token.key) ?? 0)) return;
      this.#challengeWritten.set(token.key, began);
    } else if (began < (this.#written.get(token.key)?.place ?? 0)) return;
    this.#written.set(token.key, {
      text: token.text,
      place: ++this.#place,
      // No token is due before half of its life, or of a refresh_in that is half of it.
      surelyFreshUntil: event.expiresOnTimestamp - 0.75 * token.lifeInMs,
      jumps: clock.jumps,
    });
  }

  onCall({ number, call, key, pod, askedTime }: CallRecord): void {
    const written = this.#written.get(key);
    if (!written || call.demand !== "plain" || written.jumps !== pod.clock.jumps) return;
    if (askedTime < written.surelyFreshUntil) this.#expected.set(number, written.text);
  }

  onSettled({ number, token }: CallRecord): void {
    const expected = this.#expected.get(number);
    if (!token || expected === undefined || token.token === expected) return;
    this.#simulation.violation(
      "newest wins",
      `call ${number} was given ${token.token}, and ${expected} was written last`,
    );
  }
}
