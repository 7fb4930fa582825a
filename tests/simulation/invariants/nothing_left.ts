import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { CallRecord, Invariant, Pod, Simulation } from "../observation.ts";

/**
 * A settled call leaves no listener. A credential without waiting calls and running exchanges has no timer and does not
 * hold the process. In the end every call has settled, and every request and every exchange has ended, once.
 */
export class NothingLeft implements Invariant {
  readonly #simulation: Simulation;
  #settled: CallRecord[] = [];
  readonly #running = new Set<string>();
  /** By pod, the number of its waiting calls and running exchanges. */
  readonly #busy: number[];

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#busy = simulation.pods.map(() => 0);
  }

  onCall({ pod }: CallRecord): void {
    this.#busy[pod.index]!++;
  }

  onSettled(record: CallRecord): void {
    this.#settled.push(record);
    this.#busy[record.pod.index]!--;
  }

  onEvent(event: CredentialEvent, { index }: Pod): void {
    if (!("exchangeId" in event)) return;
    const exchange = `exchange ${event.exchangeId} of pod ${index}`;
    if (event.type === "exchange_started") {
      this.#running.add(exchange);
      this.#busy[index]!++;
    }
    if (event.type !== "exchange_failed" && event.type !== "exchange_succeeded") return;
    if (!this.#running.delete(exchange)) this.#violation(`${exchange} ended twice`);
    this.#busy[index]!--;
  }

  atRest(): void {
    for (const { number, listeners } of this.#settled) {
      if (listeners !== 0) this.#violation(`call ${number} has settled and left ${listeners} listeners`);
    }
    this.#settled = [];
    for (const { index, clock } of this.#simulation.pods) {
      if (this.#busy[index] !== 0) continue;
      if (clock.pendingTimers !== 0) {
        this.#violation(`pod ${index} is idle and has ${clock.pendingTimers} timers left`);
      }
      if (clock.holds !== 0) {
        this.#violation(`pod ${index} is idle and holds its process ${clock.holds} times`);
      }
    }
  }

  atEnd(): void {
    const { calls, requests } = this.#simulation;
    for (const { number, state } of calls) {
      if (state === "waiting") this.#violation(`call ${number} never settled`);
    }
    for (const { number, isOver } of requests) {
      if (!isOver) this.#violation(`request ${number} was never ended`);
    }
    for (const exchange of this.#running) this.#violation(`${exchange} never ended`);
  }

  #violation(what: string): void {
    this.#simulation.violation("nothing left", what);
  }
}
