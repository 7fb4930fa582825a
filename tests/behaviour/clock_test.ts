import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CredentialEvent } from "../../src/core/mod.ts";
import {
  gate,
  granted,
  Harness,
  HOUR,
  networkError,
  rejection,
  respondWith,
  SCOPE,
  watch,
} from "../support/harness.ts";

const MINUTE = 60_000;

describe("a clock that is set forward during an exchange", () => {
  test("a caller with a timeout still waits for the next attempt", async () => {
    const harness = new Harness();
    harness.respond = (_, index) => {
      harness.clock.jump(index === 0 ? HOUR : 0);
      return index === 0 ? respondWith(503, "") : granted();
    };
    const caller = watch(harness.credential().getToken(SCOPE, { requestOptions: { timeout: 30_000 } }));
    await harness.clock.advance(1_000);
    assert.equal(caller.state, "given");
    assert.equal(harness.requests.length, 2);
  });

  test("a caller that arrives during the wait for the next attempt waits too", async () => {
    const harness = new Harness();
    harness.respond = (_, index) => index === 0 ? respondWith(503, "") : granted();
    const credential = harness.credential();
    const first = watch(credential.getToken(SCOPE));
    await harness.clock.advance(0);
    harness.clock.jump(HOUR);
    const second = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 30_000 } }));
    await harness.clock.advance(1_000);
    assert.deepEqual([first.state, second.state], ["given", "given"]);
  });
});

describe("a clock that is set back", () => {
  test("during the wait for a Retry-After, it fails no call", async () => {
    const harness = new Harness();
    harness.respond = (_, index) => index === 0 ? respondWith(429, "", { "Retry-After": "50" }) : granted();
    const credential = harness.credential();
    const first = watch(credential.getToken(SCOPE));
    await harness.clock.advance(10_000);
    harness.clock.jump(-HOUR);
    const second = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 45_000 } }));
    await harness.clock.advance(0);
    assert.equal(second.state, "pending");
    const hurried = await rejection(credential.getToken(SCOPE, { requestOptions: { timeout: 30_000 } }));
    assert.equal(hurried.details.retryAfterInMs, 40_000);
    assert.match(hurried.message, /Try again in 40 s/);
    await harness.clock.advance(40_000);
    assert.deepEqual([first.state, second.state], ["given", "given"]);
  });

  for (
    const [what, jump] of [["to before the token", -2 * HOUR], [
      "by less than the token's age",
      -40 * MINUTE,
    ]] as const
  ) {
    test(`between two calls, ${what}: the next call refreshes the token in the background`, async () => {
      const harness = new Harness();
      const credential = harness.credential();
      const token = await credential.getToken(SCOPE);
      await harness.clock.advance(50 * MINUTE);
      harness.clock.jump(jump);
      assert.equal(await credential.getToken(SCOPE), token);
      await harness.clock.advance(0);
      assert.equal(harness.requests.length, 2);
      const refreshed = await credential.getToken(SCOPE);
      assert.notEqual(refreshed, token);
      assert.equal(refreshed.expiresOnTimestamp, harness.clock.now() + HOUR);
    });
  }

  test("a token whose lifetime has passed is not served, whatever the clock shows", async () => {
    const harness = new Harness();
    const credential = harness.credential();
    const token = await credential.getToken(SCOPE);
    await harness.clock.advance(61 * MINUTE);
    harness.clock.jump(-40 * MINUTE);
    harness.respond = () => Promise.reject(networkError("ECONNREFUSED"));
    const failing = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 1 } }));
    await harness.clock.advance(1);
    assert.equal(failing.error.code, "network_failed");
    harness.respond = () => granted();
    await harness.clock.advance(MINUTE);
    assert.notEqual(await credential.getToken(SCOPE), token);
  });

  test("the tokens of all keys are refreshed, each by its next call", async () => {
    const harness = new Harness();
    const credential = harness.credential();
    const scopes = ["a", "b", "c"];
    for (const scope of scopes) await credential.getToken(scope);
    harness.clock.jump(-HOUR);
    for (const scope of scopes) await credential.getToken(scope);
    await harness.clock.advance(0);
    assert.equal(harness.requests.length, 6);
    for (const scope of scopes) await credential.getToken(scope);
    await harness.clock.advance(0);
    assert.equal(harness.requests.length, 6);
  });

  test("during an exchange, the token expires no later than its lifetime after the request", async () => {
    const harness = new Harness();
    const responded = gate();
    harness.respond = () => responded.promise.then(() => granted());
    const caller = watch(harness.credential().getToken(SCOPE));
    await harness.clock.advance(5_000);
    harness.clock.jump(-2_000);
    responded.open();
    await harness.clock.advance(0);
    assert.equal(caller.value!.expiresOnTimestamp, harness.clock.now() - 5_000 + HOUR);
  });
});

for (const jump of [-HOUR, HOUR]) {
  test(`durations in events and errors do not change when the clock is set by ${jump} ms`, async () => {
    const harness = new Harness();
    const events: CredentialEvent[] = [];
    const read = gate<string>();
    const credential = harness.credential({
      onEvent: (event) => void events.push(event),
      getAssertion: () => read.promise,
      retryOptions: { maxRetries: 0 },
    });
    const responded = gate();
    harness.respond = () => responded.promise.then(() => respondWith(503, ""));
    const caller = watch(credential.getToken(SCOPE));
    await harness.clock.advance(30);
    harness.clock.jump(jump);
    read.open("a.b.c");
    await harness.clock.advance(12);
    harness.clock.jump(jump);
    responded.open();
    await harness.clock.advance(0);
    const durations = events.flatMap((event) => "durationInMs" in event ? [event.durationInMs] : []);
    assert.deepEqual(durations, [30, 42]);
    assert.equal(caller.error.details.elapsedInMs, 42);
  });
}
