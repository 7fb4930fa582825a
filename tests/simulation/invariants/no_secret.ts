import { createLog } from "../../../src/core/settings/log.ts";
import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { CallRecord, Invariant, Simulation } from "../observation.ts";

/**
 * No secret in any error or event, nor in what the log prints of each at its most talkative. Every token and every
 * assertion of the simulation holds this word.
 */
const MARK = "SECRET";

export class NoSecret implements Invariant {
  readonly #simulation: Simulation;
  readonly #log = createLog("verbose");

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  onSettled({ number, error }: CallRecord): void {
    if (error !== undefined && text(error).includes(MARK)) {
      this.#simulation.violation("no secret", `the error of call ${number} holds a token or an assertion`);
    }
  }

  onEvent(event: CredentialEvent): void {
    if (JSON.stringify(event).includes(MARK)) {
      this.#simulation.violation("no secret", `the event ${event.type} holds a token or an assertion`);
    }
    const line = printed(() => this.#log(event));
    const violation = (what: string) =>
      this.#simulation.violation("no secret", `the log ${what} ${event.type}: ${line}`);
    if (line.includes(MARK)) violation("repeats a token or an assertion with");
    if (!line.includes(event.type)) violation("says nothing of");
  }
}

/** What the log prints meanwhile. */
function printed(act: () => void): string {
  const { error } = console;
  let all = "";
  console.error = (...texts: unknown[]) => all += texts.join(" ");
  try {
    act();
  } finally {
    console.error = error;
  }
  return all;
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
