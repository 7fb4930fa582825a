import type { Invariant, Pod, RequestRecord, Simulation } from "../observation.ts";

/** A credential never has more requests in flight than `maxConcurrentExchanges`. */
export class LimitedConcurrency implements Invariant {
  readonly #simulation: Simulation;
  readonly #inFlight = new Map<Pod, RequestRecord[]>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  onSent(request: RequestRecord): void {
    const { pod, number } = request;
    const inFlight = (this.#inFlight.get(pod) ?? []).filter(({ isOver }) => !isOver);
    inFlight.push(request);
    this.#inFlight.set(pod, inFlight);
    const { maxConcurrentExchanges } = pod.plan;
    if (inFlight.length <= maxConcurrentExchanges) return;
    this.#simulation.violation(
      "limited concurrency",
      `request ${number} of pod ${pod.index} is one of ${inFlight.length}, and ${maxConcurrentExchanges} may be in flight`,
    );
  }
}
