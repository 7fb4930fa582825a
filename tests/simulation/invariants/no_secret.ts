import { createLog } from "../../../src/core/settings/log.ts";
import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { CallRecord, Invariant, Simulation } from "../observation.ts";

/**
 * No error and no event contains a secret, nor does the log of them at level `verbose`. Every token and every assertion
 * of the simulation contains this word.
 */
const MARK = "SECRET";

export class NoSecret implements Invariant {
  readonly #simulation: Simulation;
  #line = "";
  readonly #log = createLog("verbose", (line) => this.#line = line);

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  onSettled({ number, error }: CallRecord): void {
    if (error !== undefined && text(error).includes(MARK)) {
      this.#simulation.violation("no secret", `the error of call ${number} contains a token or an assertion`);
    }
  }

  onEvent(event: CredentialEvent): void {
    if (JSON.stringify(event).includes(MARK)) {
      this.#simulation.violation("no secret", `the event ${event.type} contains a token or an assertion`);
    }
    this.#line = "";
    this.#log(event);
    const line = this.#line;
    const violation = (what: string) =>
      this.#simulation.violation("no secret", `the log ${what} ${event.type}: ${line}`);
    if (line.includes(MARK)) violation("contains a token or an assertion for");
    if (!line.includes(event.type)) violation("does not name");
  }
}

/** Everything that a logger might print of an error and its causes. */
function text(error: unknown): string {
  let printed = "";
  for (let depth = 0; error !== undefined && error !== null && depth < 10; depth++) {
    printed += `${error} ${JSON.stringify(error)} ${(error as Error).stack}`;
    error = (error as Error).cause;
  }
  return printed;
}
