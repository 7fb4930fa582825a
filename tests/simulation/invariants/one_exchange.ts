import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { Exchanges } from "../exchanges.ts";
import type { Invariant, Pod, RequestRecord, Simulation } from "../observation.ts";

/**
 * At most one exchange per key is in flight. Calls with `claims` or `forceRefresh` join only exchanges of their kind, so
 * each kind has one. There are never more requests in flight than exchanges.
 */
export class OneExchange implements Invariant {
  readonly #simulation: Simulation;
  readonly #exchanges: Exchanges;
  readonly #open = new Map<string, RequestRecord[]>();

  constructor(simulation: Simulation, exchanges: Exchanges) {
    this.#simulation = simulation;
    this.#exchanges = exchanges;
  }

  onEvent(event: CredentialEvent, pod: Pod): void {
    if (event.type !== "exchange_started") return;
    const { key, demand } = this.#exchanges.of(event, pod)!;
    const equal = this.#exchanges.running(key).filter((one) => one.demand === demand);
    if (equal.length > 1) {
      this.#violation(`a ${demand} exchange begins for ${key} while another one is in flight`);
    }
  }

  onSent(request: RequestRecord): void {
    const { number, key, claims } = request;
    const lane = `${key} ${claims}`;
    const open = (this.#open.get(lane) ?? []).filter(({ isOver }) => !isOver);
    open.push(request);
    this.#open.set(lane, open);
    const most = this.#exchanges.running(key).filter(({ demand }) => (demand === "claims") === claims).length;
    if (open.length > Math.max(1, most)) {
      this.#violation(`request ${number} for ${key} while ${open.length - 1} are in flight`);
    }
  }

  #violation(what: string): void {
    this.#simulation.violation("one exchange", what);
  }
}
