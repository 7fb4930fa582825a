import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { Holdings } from "../holdings.ts";
import type {
  CallRecord,
  Failure,
  Invariant,
  IssuedToken,
  Pod,
  RequestRecord,
  Simulation,
} from "../observation.ts";

const COOLDOWN = 30_000;
const SHORT = 30_000;

interface Account {
  /** Exchanges that the calls so far can have begun. */
  allowed: number;
  begun: number;
  /** When a refresh may follow a failed one, by the pod's monotonic clock. */
  until: number;
}

/**
 * The number of requests stays within the bound of the retry rules, in an outage and out of it: a call without a valid
 * token, with `claims` or with `forceRefresh` can begin one exchange; of the calls with a token that is due, one in 30 s;
 * a call with a fresh token none. `Patience` bounds the requests of an exchange. A rejected assertion allows one more
 * read.
 */
export class BoundedLoad implements Invariant {
  readonly #simulation: Simulation;
  readonly #holdings: Holdings;
  readonly #accounts = new Map<string, Account>();
  readonly #reads = new Map<string, number>();

  constructor(simulation: Simulation, holdings: Holdings) {
    this.#simulation = simulation;
    this.#holdings = holdings;
  }

  onCall({ call, key, pod }: CallRecord): void {
    if (call.mistake) return;
    const account = this.#account(key);
    const isHeld = call.demand === "plain" && this.#holdings.surelyHolds(key, pod, SHORT);
    if (!isHeld) {
      account.allowed++;
      return;
    }
    if (this.#holdings.surelyFresh(key, pod)) return;
    const now = pod.clock.monotonicTime;
    if (now < account.until) return;
    account.allowed++;
    account.until = now + COOLDOWN;
  }

  onSent({ number, key, followsRead }: RequestRecord): void {
    if (!followsRead) return;
    const account = this.#account(key);
    if (++account.begun > account.allowed) {
      this.#simulation.violation(
        "bounded load",
        `request ${number} for ${key} begins exchange ${account.begun}, and the calls allow ${account.allowed}`,
      );
    }
  }

  onFailed({ key }: RequestRecord, { mayReadAgain }: Failure): void {
    if (mayReadAgain) this.#account(key).allowed++;
  }

  onEvent(event: CredentialEvent, { index }: Pod): void {
    if (event.type !== "assertion_read") return;
    const exchange = `${index} ${event.exchangeId}`;
    const reads = (this.#reads.get(exchange) ?? 0) + 1;
    this.#reads.set(exchange, reads);
    if (reads > 2) {
      this.#simulation.violation("bounded load", `exchange ${exchange} reads its assertion ${reads} times`);
    }
  }

  onIssued({ key }: IssuedToken): void {
    this.#account(key).until = -Infinity;
  }

  #account(key: string): Account {
    let account = this.#accounts.get(key);
    if (!account) this.#accounts.set(key, account = { allowed: 0, begun: 0, until: -Infinity });
    return account;
  }
}
