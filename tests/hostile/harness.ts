/** The checks after every attack on a call: its error, its deadline, the memory and the assertion. */
import assert from "node:assert/strict";
import process from "node:process";
import { inspect } from "node:util";
import type { ErrorCode } from "../../mod.ts";
import { rejection } from "../support/harness.ts";

const MIB = 1024 * 1024;
const MOST_GROWTH = 100 * MIB;

/**
 * The call fails with this code, within its deadline and with little memory, and its error does not contain the assertion.
 *
 * @param assertion what was sent, and must not be in the error
 */
export async function assertFails(
  code: ErrorCode,
  call: () => Promise<unknown>,
  assertion: string,
  deadlineInMs: number,
): Promise<void> {
  const memory = new Memory();
  const startedAt = performance.now();
  const error = await rejection(call());
  const took = performance.now() - startedAt;
  const grown = memory.stop();
  assert.equal(error.code, code, inspect(error));
  assert.equal(error.name, "CredentialUnavailableError");
  assert.ok(took < deadlineInMs + 1000, `it took ${took} ms`);
  assert.ok(grown < MOST_GROWTH, `memory grew by ${Math.round(grown / MIB)} MiB`);
  assert.ok(
    !inspect(error, { depth: 10, showHidden: true }).includes(assertion),
    "it contains the assertion",
  );
}

/** The largest growth of the process. */
class Memory {
  readonly #start: number = process.memoryUsage().rss;
  #peak: number = this.#start;
  readonly #timer: ReturnType<typeof setInterval> = setInterval(() => this.#look(), 5);

  stop(): number {
    clearInterval(this.#timer);
    this.#look();
    return this.#peak - this.#start;
  }

  #look(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage().rss);
  }
}
