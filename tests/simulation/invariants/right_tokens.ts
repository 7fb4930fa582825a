import type { CallRecord, Invariant, Simulation } from "../observation.ts";

/**
 * No caller ever gets a token that has expired, or one of another tenant, client, scope or CAE class.
 *
 * Expired means: by the pod's own clock, which is all that a credential has. By true time a token may be served for as
 * long past its end as that clock was set back, or runs slow, since it was asked for; not a millisecond longer.
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
    if (!origin) return violation(`was given what Entra never issued`);
    if (origin.key !== key) return violation(`asked for ${key} and was given a token for ${origin.key}`);
    if (token.expiresOnTimestamp <= pod.clock.time) return violation("was given a token that has expired");
    const setForward = pod.clock.offset - origin.offset;
    const age = (scheduler.now - origin.issuedAt) * pod.clock.rate;
    if (age > origin.lifeInMs - setForward + 2) {
      violation(`was given a token ${Math.round(age - origin.lifeInMs)} ms after its true end`);
    }
  }
}
