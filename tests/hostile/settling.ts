import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { type Harness, SCOPE, watch } from "../support/harness.ts";
import { SECRET } from "./values.ts";

/** Longer than all retries take with the longest waits and deadlines, in milliseconds. */
const LONGEST = 101 * 2 * 2 ** 31;

/** Checks that an error has one of the two classes and does not contain the assertion. */
export function assertNamed(error: unknown): void {
  assertKind(error);
  assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes(SECRET), "it contains the secret");
}

/** Only these two classes are thrown. */
export function assertKind(error: unknown): asserts error is Error {
  assert.ok(error instanceof Error, inspect(error));
  assert.ok(error instanceof TypeError || error.name === "CredentialUnavailableError", inspect(error));
}

/**
 * Checks that two calls with different keys settle, each with a token or an error that passes `check`, and leave no timer.
 *
 * @returns the number of tokens returned
 */
export async function assertSettles(
  credential: WorkloadIdentityCredential,
  { clock }: Harness,
  check: (error: unknown) => void = assertNamed,
): Promise<number> {
  const calls = [{}, { enableCae: true }].map((options) => watch(credential.getToken(SCOPE, options)));
  await clock.advance(LONGEST);
  for (const { state, value, error } of calls) {
    assert.notEqual(state, "pending", "a call hangs");
    if (state === "failed") check(error);
    else assert.ok(typeof value?.token === "string" && value.token !== "");
  }
  assert.equal(clock.pendingTimers, 0, "a timer is left");
  return calls.filter(({ state }) => state === "given").length;
}
