import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { Exchanges } from "../exchanges.ts";
import type { Invariant, Pod, RequestRecord, Scene } from "../observation.ts";

/**
 * At most one exchange in flight per key. Calls with `claims` or `forceRefresh` join only equal ones, so each demand
 * has its own; and there are never more requests under way than exchanges.
 */
export class OneExchange implements Invariant {
  readonly #scene: Scene;
  readonly #exchanges: Exchanges;
  readonly #open = new Map<string, RequestRecord[]>();

  constructor(scene: Scene, exchanges: Exchanges) {
    this.#scene = scene;
    this.#exchanges = exchanges;
  }

  onEvent(event: CredentialEvent, pod: Pod): void {
    if (event.type !== "exchange_started") return;
    const { key, demand } = this.#exchanges.of(event, pod)!;
    const equal = this.#exchanges.running(key).filter((one) => one.demand === demand);
    if (equal.length > 1) this.#breach(`a ${demand} exchange begins for ${key} while its equal is under way`);
  }

  onSent(request: RequestRecord): void {
    const { number, key, claims } = request;
    const lane = `${key} ${claims}`;
    const open = (this.#open.get(lane) ?? []).filter(({ isOver }) => !isOver);
    open.push(request);
    this.#open.set(lane, open);
    const most = this.#exchanges.running(key).filter(({ demand }) => (demand === "claims") === claims).length;
    if (open.length > Math.max(1, most)) {
      this.#breach(`request ${number} for ${key} while ${open.length - 1} are under way`);
    }
  }

  #breach(what: string): void {
    this.#scene.breach("one exchange", what);
  }
}
