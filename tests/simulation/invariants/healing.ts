import type { CallRecord, Invariant, Simulation } from "../observation.ts";

/** Between the calls that ask whether the system has healed. */
export const INTERVAL = 10_000;

const DAILY_STEP = 1_000;

/**
 * After the last fault the system serves fresh tokens within one refresh interval: what the server's last Retry-After
 * still asks for, the 30 s after a failed renewal, and one exchange.
 *
 * Fresh is meant by true time, also where a clock was set back, if the credential could notice: if a call for the key
 * saw a later time before, by more than what clocks are set by every day.
 */
export class Healing implements Invariant {
  readonly #simulation: Simulation;
  /** Of each key's token: the latest time that the credential has seen with it, and whether it saw an earlier one since. */
  readonly #seen = new Map<string, { readonly text: string; latest: number; hasNoticed: boolean }>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  onCall({ key, askedTime, call }: CallRecord): void {
    const seen = this.#seen.get(key);
    if (seen && !call.mistake && askedTime < seen.latest - DAILY_STEP) seen.hasNoticed = true;
  }

  onSettled(record: CallRecord): void {
    const { number, key, pod, isLast, token, error } = record;
    if (token) this.#see(record, token.token);
    if (!isLast) return;
    const violation = (what: string) =>
      this.#simulation.violation("healing", `call ${number} for ${key} ${what}`);
    if (!token) return violation(`fails after the last fault with ${error}`);
    const origin = this.#simulation.issued.get(token.token)!;
    const age = this.#simulation.scheduler.now - origin.issuedAt;
    const isExcused = origin.offset > pod.clock.offset && !this.#seen.get(key)!.hasNoticed;
    if (age >= origin.lifeInMs / pod.clock.rate && !isExcused) {
      return violation(`is given a token that ended ${age - origin.lifeInMs} ms ago`);
    }
    const overdue = pod.clock.time - token.refreshAfterTimestamp!;
    if (overdue > INTERVAL + 2_000) violation(`is given a token that is due since ${overdue} ms`);
  }

  #see({ key, pod, askedTime }: CallRecord, text: string): void {
    const seen = this.#seen.get(key);
    if (seen?.text !== text) this.#seen.set(key, { text, latest: pod.clock.time, hasNoticed: false });
    else seen.latest = Math.max(seen.latest, askedTime);
  }
}
