import type { CallRecord, Invariant, Simulation } from "../observation.ts";

/**
 * No caller ever gets a token that has expired, or one of another tenant, client, scope or CAE class.
 *
 * Expired means by the pod's wall clock or by its monotonic clock. By true time a token may be served after it has expired
 * only because the pod's clocks run slow.
 */
export class RightTokens implements Invariant {
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  onSettled({ number, key, pod, token }: CallRecord): void {
    if (!token) return;
    const { issued, scheduler } = this.#simulation;
    const violation = (what: string) => this.#simulation.violation("right tokens", `call ${number} ${what}`);
    const origin = issued.get(token.token);
    if (!origin) return violation(`was given a token that Entra never issued`);
    if (origin.key !== key) return violation(`asked for ${key} and was given a token for ${origin.key}`);
    if (token.expiresOnTimestamp <= pod.clock.time) return violation("was given a token that has expired");
    const setForward = pod.clock.offset - origin.offset;
    const age = (scheduler.now - origin.issuedAt) * pod.clock.rate;
    if (age > origin.lifeInMs - Math.max(0, setForward) + 2) {
      violation(`was given a token ${Math.round(age - origin.lifeInMs)} ms after its true end`);
    }
  }
}
