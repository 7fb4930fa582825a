import type { CallRecord, Invariant, Scene } from "../observation.ts";

/**
 * No caller ever gets a token that has expired, or one of another tenant, client, scope or CAE class.
 *
 * Expired means: by the pod's own clock, which is all that a credential has. By true time a token may be served for as
 * long past its end as that clock was set back, or runs slow, since it was asked for; not a millisecond longer.
 */
export class RightTokens implements Invariant {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  onSettled({ number, key, pod, token }: CallRecord): void {
    if (!token) return;
    const { issued, scheduler } = this.#scene;
    const breach = (what: string) => this.#scene.breach("right tokens", `call ${number} ${what}`);
    const origin = issued.get(token.token);
    if (!origin) return breach(`was given what Entra never issued`);
    if (origin.key !== key) return breach(`asked for ${key} and was given a token for ${origin.key}`);
    if (token.expiresOnTimestamp <= pod.clock.time) return breach("was given a token that has expired");
    const setForward = pod.clock.offset - origin.offset;
    const age = (scheduler.now - origin.issuedAt) * pod.clock.rate;
    if (age > origin.lifeInMs - setForward + 2) {
      breach(`was given a token ${Math.round(age - origin.lifeInMs)} ms after its true end`);
    }
  }
}
