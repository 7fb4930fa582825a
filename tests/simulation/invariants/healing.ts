import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { CallRecord, Invariant, Pod, Simulation } from "../observation.ts";

/** Between the calls that ask whether the system has healed. */
export const INTERVAL = 10_000;

/** Clocks are set by less than this every day. */
const DAILY_STEP = 1_000;

/**
 * After the last fault the system serves fresh tokens within one refresh interval: what the server's last Retry-After
 * still asks for, the 30 s after a failed renewal, and one exchange. Fresh means by true time, and of the present clock: a
 * token that was obtained before the clock was set back is replaced.
 */
export class Healing implements Invariant {
  readonly #simulation: Simulation;
  /** By how much the pod's clock was set when it obtained a token. */
  readonly #offsets = new Map<string, number>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  onEvent(event: CredentialEvent, { clock }: Pod): void {
    if (event.type !== "exchange_succeeded") return;
    this.#offsets.set(this.#simulation.issuedTo.get(event.correlationId)!.text, clock.offset);
  }

  onSettled({ number, key, pod, isLast, token, error }: CallRecord): void {
    if (!isLast) return;
    const violation = (what: string) =>
      this.#simulation.violation("healing", `call ${number} for ${key} ${what}`);
    if (!token) return violation(`fails after the last fault with ${error}`);
    const origin = this.#simulation.issued.get(token.token)!;
    const age = this.#simulation.scheduler.now - origin.issuedAt;
    if (age >= origin.lifeInMs / pod.clock.rate) {
      return violation(`is given a token that ended ${age - origin.lifeInMs} ms ago`);
    }
    const setBack = this.#offsets.get(origin.text)! - pod.clock.offset;
    if (setBack > DAILY_STEP) {
      violation(`is given a token from before the clock was set back by ${setBack} ms`);
    }
    const overdue = pod.clock.time - token.refreshAfterTimestamp!;
    if (overdue > INTERVAL + 2_000) violation(`is given a token that is due since ${overdue} ms`);
  }
}
