import type { Holdings } from "../holdings.ts";
import type { Invariant, RequestRecord, Scene } from "../observation.ts";

/**
 * At most one exchange in flight per key. Calls with `claims` or `forceRefresh` join only equal ones, so each demand
 * has its own; from outside, a forced exchange looks like a plain one.
 */
export class OneExchange implements Invariant {
  readonly #scene: Scene;
  readonly #holdings: Holdings;
  readonly #open = new Map<string, RequestRecord[]>();

  constructor(scene: Scene, holdings: Holdings) {
    this.#scene = scene;
    this.#holdings = holdings;
  }

  onSent(request: RequestRecord): void {
    const { number, key, claims } = request;
    const lane = `${key} ${claims}`;
    const open = (this.#open.get(lane) ?? []).filter(({ isOver }) => !isOver);
    open.push(request);
    this.#open.set(lane, open);
    const most = this.#holdings.isContested(key) ? 2 : 1;
    if (open.length > most) {
      this.#scene.breach(
        "one exchange",
        `request ${number} for ${key} while ${open.length - 1} are under way`,
      );
    }
  }
}
