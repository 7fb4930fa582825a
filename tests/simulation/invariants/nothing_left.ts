import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { CallRecord, Invariant, Pod, Scene } from "../observation.ts";

/**
 * A settled call leaves no listener; after the last one no timer, no hold, no request and no exchange is left. An
 * exchange ends once.
 */
export class NothingLeft implements Invariant {
  readonly #scene: Scene;
  #settled: CallRecord[] = [];
  readonly #running = new Set<string>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  onSettled(record: CallRecord): void {
    this.#settled.push(record);
  }

  onEvent(event: CredentialEvent, { index }: Pod): void {
    if (!("exchangeId" in event)) return;
    const exchange = `exchange ${event.exchangeId} of pod ${index}`;
    if (event.type === "exchange_started") this.#running.add(exchange);
    if (event.type !== "exchange_failed" && event.type !== "exchange_succeeded") return;
    if (!this.#running.delete(exchange)) this.#breach(`${exchange} ended twice`);
  }

  atRest(): void {
    for (const { number, listeners } of this.#settled) {
      if (listeners !== 0) this.#breach(`call ${number} has settled and left ${listeners} listeners`);
    }
    this.#settled = [];
  }

  atEnd(): void {
    const { calls, requests, pods } = this.#scene;
    for (const { number, state } of calls) {
      if (state === "waiting") this.#breach(`call ${number} never settled`);
    }
    for (const { number, isOver } of requests) if (!isOver) this.#breach(`request ${number} was never ended`);
    for (const exchange of this.#running) this.#breach(`${exchange} never ended`);
    for (const { index, clock } of pods) {
      if (clock.pendingTimers !== 0) this.#breach(`pod ${index} has ${clock.pendingTimers} timers left`);
      if (clock.holds !== 0) this.#breach(`pod ${index} is held alive ${clock.holds} times`);
    }
  }

  #breach(what: string): void {
    this.#scene.breach("nothing left", what);
  }
}
