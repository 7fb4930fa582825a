import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { CallRecord, Invariant, Pod, Simulation } from "../observation.ts";

/** The time between the calls that check whether the system has recovered. */
export const INTERVAL = 10_000;

/** Clocks are corrected by less than this every day, which the credential ignores. */
const CORRECTION = 1_000;

/**
 * After the last fault the credential serves fresh tokens within one refresh interval: the rest of the server's last
 * `Retry-After`, the 30 s after a failed refresh, and one exchange. Fresh means by true time, and obtained since the clock
 * was last set back.
 */
export class Healing implements Invariant {
  readonly #simulation: Simulation;
  /** The pod's clock when it obtained a token. */
  readonly #clocks = new Map<string, { readonly offset: number; readonly jumps: number }>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  onEvent(event: CredentialEvent, { clock }: Pod): void {
    if (event.type !== "exchange_succeeded") return;
    const { offset, jumps } = clock;
    this.#clocks.set(this.#simulation.issuedTo.get(event.correlationId)!.text, { offset, jumps });
  }

  onSettled({ number, key, pod, isLast, token, error }: CallRecord): void {
    if (!isLast) return;
    const violation = (what: string) =>
      this.#simulation.violation("healing", `call ${number} for ${key} ${what}`);
    if (!token) return violation(`fails after the last fault with ${error}`);
    const origin = this.#simulation.issued.get(token.token)!;
    const age = this.#simulation.scheduler.now - origin.issuedAt;
    if (age >= origin.lifeInMs / pod.clock.rate) {
      return violation(`is given a token that expired ${age - origin.lifeInMs} ms ago`);
    }
    const { offset, jumps } = this.#clocks.get(origin.text)!;
    const setBack = offset - pod.clock.offset;
    if (setBack > CORRECTION * (pod.clock.jumps - jumps)) {
      violation(`is given a token from before the clock was set back by ${setBack} ms`);
    }
    const overdue = pod.clock.time - token.refreshAfterTimestamp!;
    if (overdue > INTERVAL + 2_000) violation(`is given a token that has been due for ${overdue} ms`);
  }
}
