/**
 * A credential whose `fetch`, `getAssertion` and `onEvent` misbehave: each call settles, and nothing is left. Each
 * runtime's test runner checks that no rejection is unhandled.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import type { FetchResponse } from "../../src/core/mod.ts";
import { granted, Harness } from "../support/harness.ts";
import { type HostileFunction, hostileFunction, perform, responding } from "./hostile_functions.ts";
import { assertPrototypesUnchanged } from "./prototypes.ts";
import { assertNamed, assertSettles } from "./settling.ts";
import { SECRET } from "./values.ts";

after(assertPrototypesUnchanged);

/** The functions that throw the assertion itself; every run includes them. */
const TELLTALES = ["an error that repeats the assertion", "an error that keeps the assertion in a map"]
  .map((trap): [HostileFunction] => [{ how: "rejects", what: { trap } }]);

/** Functions that are omitted behave correctly. */
interface Deeds {
  readonly fetch?: HostileFunction | undefined;
  readonly getAssertion?: HostileFunction | undefined;
  readonly onEvent?: HostileFunction | undefined;
}

function settles(deeds: Deeds): Promise<number> {
  const { fetch, getAssertion, onEvent } = deeds;
  const harness = new Harness();
  const credential = harness.credential({
    retryOptions: { maxRetries: 2 },
    fetch: (_, { signal }) =>
      fetch ? perform(fetch, signal) as Promise<FetchResponse> : Promise.resolve(granted()),
    getAssertion: ({ signal }) =>
      getAssertion ? perform(getAssertion, signal) as Promise<string> : Promise.resolve(SECRET),
    onEvent: () => onEvent && perform(onEvent) as undefined,
  });
  return assertSettles(credential, harness, (error) => {
    assertNamed(error);
    assert.equal((error as Error).name, "CredentialUnavailableError");
  });
}

test("whatever fetch does, a call ends with a token or a known error, without the assertion", () =>
  fc.assert(
    fc.asyncProperty(fc.oneof(hostileFunction, responding), async (fetch) => void await settles({ fetch })),
    { numRuns: 200, examples: TELLTALES },
  ));

test("whatever getAssertion does, a call ends with a token or a known error", () =>
  fc.assert(
    fc.asyncProperty(
      hostileFunction,
      async (getAssertion) => void await settles({ getAssertion }),
    ),
    { numRuns: 150, examples: TELLTALES },
  ));

test("whatever onEvent does, a call returns its token", () =>
  fc.assert(
    fc.asyncProperty(hostileFunction, async (onEvent) => assert.equal(await settles({ onEvent }), 2)),
    { numRuns: 150 },
  ));
