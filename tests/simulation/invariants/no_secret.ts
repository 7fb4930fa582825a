import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { CallRecord, Invariant, Scene } from "../observation.ts";

/** No secret in any error or event; every token and every assertion of the simulation holds this word. */
const MARK = "SECRET";

export class NoSecret implements Invariant {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  onSettled({ number, error }: CallRecord): void {
    if (error !== undefined && text(error).includes(MARK)) {
      this.#scene.breach("no secret", `the error of call ${number} holds a token or an assertion`);
    }
  }

  onEvent(event: CredentialEvent): void {
    if (JSON.stringify(event).includes(MARK)) {
      this.#scene.breach("no secret", `the event ${event.type} holds a token or an assertion`);
    }
  }
}

/** All that a logger might print of an error and its causes. */
function text(error: unknown): string {
  let printed = "";
  for (let depth = 0; error !== undefined && error !== null && depth < 10; depth++) {
    printed += `${error} ${JSON.stringify(error)} ${(error as Error).stack}`;
    error = (error as Error).cause;
  }
  return printed;
}
