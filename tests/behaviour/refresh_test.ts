import assert from "node:assert/strict";
import { test } from "node:test";
import { entraError, gate, granted, Harness, HOUR, networkError, SCOPE, watch } from "../support/harness.ts";

const MINUTE = 60_000;

/** Creates a credential whose token, of a given lifetime, is due now. */
async function due(harness: Harness, fields: Record<string, unknown> = {}) {
  harness.respond = () => granted(fields);
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const token = await credential.getToken(SCOPE);
  harness.clock.jump(token.refreshAfterTimestamp! - harness.clock.now());
  return { credential, token };
}

test("refresh due: the caller gets the cached token at once, and one exchange runs in the background", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  const callers = await Promise.all(Array.from({ length: 100 }, () => credential.getToken(SCOPE)));
  assert.ok(callers.every((given) => given === token));
  await harness.clock.advance(1);
  assert.equal(harness.requests.length, 2);
  responded.open();
  await harness.clock.advance(0);
  const refreshed = await credential.getToken(SCOPE);
  assert.notEqual(refreshed, token);
  assert.equal(harness.requests.length, 2);
});

for (
  const [what, fail] of Object.entries({
    "a rejection": () => entraError(700016),
    "a broken network": () => Promise.reject(networkError("ECONNREFUSED")),
    "a meaningless response": () => granted({ expires_in: "soon" }),
  })
) {
  test(`a refresh that fails by ${what} causes no unhandled rejection, and the next is not before 30 s`, async () => {
    const harness = new Harness();
    const { credential, token } = await due(harness);
    harness.respond = fail;
    assert.equal(await credential.getToken(SCOPE), token);
    await harness.clock.advance(29_999);
    assert.equal(await credential.getToken(SCOPE), token);
    await harness.clock.advance(0);
    assert.equal(harness.requests.length, 2);
    await harness.clock.advance(1);
    assert.equal(await credential.getToken(SCOPE), token);
    await harness.clock.advance(0);
    assert.equal(harness.requests.length, 3);
  });
}

test("an unreadable token file fails no call while a token is valid", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  harness.file = new Error("EACCES");
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(4 * MINUTE);
  assert.equal(await credential.getToken(SCOPE), token);
});

for (
  const [what, fields, random, expected] of [
    ["refresh_in where it is sent", { expires_in: 86_400, refresh_in: 43_200 }, 0, 12 * HOUR],
    ["refresh_in as text", { expires_in: "86400", refresh_in: "43200" }, 0, 12 * HOUR],
    ["half of a life of 2 h or more", { expires_in: 7200 }, 0, HOUR],
    ["5 minutes before the end of a shorter one", { expires_in: 7199 }, 0, 7199_000 - 5 * MINUTE],
    ["up to 10 % of the life earlier", { expires_in: 3600 }, 0.5, 55 * MINUTE - 3 * MINUTE],
    ["never before half of refresh_in", { expires_in: 86_400, refresh_in: 8000 }, 0.999, 4000_000],
    ["never before half of a short life", { expires_in: 360 }, 0.9, 180_000],
    ["half of a life of 2 h, spread or not", { expires_in: 7200 }, 0.9, HOUR],
    ["not at a refresh_in beyond the end", { expires_in: 3600, refresh_in: 3601 }, 0, 55 * MINUTE],
  ] as const
) {
  test(`due time: ${what}`, async () => {
    const harness = new Harness();
    harness.random = random;
    harness.respond = () => granted(fields);
    const { refreshAfterTimestamp } = await harness.credential().getToken(SCOPE);
    assert.equal(refreshAfterTimestamp! - harness.clock.now(), expected);
  });
}

test("after the clock is set back, the cached token is due", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const token = await credential.getToken(SCOPE);
  harness.clock.jump(-24 * HOUR);
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(0);
  assert.equal(harness.requests.length, 2);
  assert.notEqual(await credential.getToken(SCOPE), token);
});

test("a clock that is set back during a refresh starts no second one", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  harness.respond = () => gate<never>().promise;
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(1);
  harness.clock.jump(-2 * HOUR);
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(1);
  assert.equal(harness.requests.length, 2);
});

test("a cooldown lasts as long as before when the clock is set back", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  harness.respond = () => entraError(700016);
  await credential.getToken(SCOPE);
  await harness.clock.advance(0);
  harness.clock.jump(-2 * HOUR);
  harness.respond = () => granted();
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(29_999);
  assert.equal(await credential.getToken(SCOPE), token);
  assert.equal(harness.requests.length, 2);
  await harness.clock.advance(1);
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(0);
  assert.notEqual(await credential.getToken(SCOPE), token);
});

test("under 30 s left, callers wait for one shared exchange", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  harness.clock.jump(token.expiresOnTimestamp - 29_000 - harness.clock.now());
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  const callers = Array.from({ length: 50 }, () => watch(credential.getToken(SCOPE)));
  await harness.clock.advance(10_000 - 1);
  assert.ok(callers.every(({ state }) => state === "pending"));
  responded.open();
  await harness.clock.advance(0);
  assert.ok(callers.every(({ value }) => value && value !== token));
  assert.equal(harness.requests.length, 2);
});

test("a caller with a valid token waits until 5 s before its expiry at most, and then gets it", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  harness.clock.jump(token.expiresOnTimestamp - 10_000 - harness.clock.now());
  harness.respond = () => gate<never>().promise;
  const caller = watch(credential.getToken(SCOPE));
  await harness.clock.advance(4_999);
  assert.equal(caller.state, "pending");
  await harness.clock.advance(1);
  assert.equal(caller.value, token);
});

test("a caller with a valid token gets it when its own timeout ends, or when the exchange fails", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  harness.clock.jump(token.expiresOnTimestamp - 20_000 - harness.clock.now());
  const responded = gate<never>();
  harness.respond = () => responded.promise;
  const hurried = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 100 } }));
  const patient = watch(credential.getToken(SCOPE));
  await harness.clock.advance(100);
  assert.equal(hurried.value, token);
  assert.equal(patient.state, "pending");
  responded.fail(networkError("ECONNRESET"));
  await harness.clock.advance(0);
  assert.equal(patient.value, token);
});

test("with under 5 s left the token is returned at once, and one exchange runs in the background", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  harness.clock.jump(token.expiresOnTimestamp - 4_000 - harness.clock.now());
  harness.respond = () => gate<never>().promise;
  assert.equal(await credential.getToken(SCOPE), token);
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(0);
  assert.equal(harness.requests.length, 2);
});

test("an expired token is never returned: the call fails when the exchange does", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness);
  harness.clock.jump(token.expiresOnTimestamp - harness.clock.now());
  harness.respond = () => entraError(700016);
  await assert.rejects(credential.getToken(SCOPE), {
    name: "CredentialUnavailableError",
    code: "entra_rejected",
  });
  harness.respond = () => granted();
  assert.notEqual(await credential.getToken(SCOPE), token);
});

test("a response that arrives after its token has expired is retried", async () => {
  const harness = new Harness();
  harness.respond = (_, index) => {
    if (index === 0) harness.clock.jump(2 * HOUR);
    return granted();
  };
  const caller = watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(1000);
  assert.equal(harness.requests.length, 2);
  assert.ok(caller.value!.expiresOnTimestamp > harness.clock.now());
});

test("with a refresh_in close to the expiry, no caller gets a token that is about to expire", async () => {
  const harness = new Harness();
  harness.respond = () => granted({ expires_in: 3600, refresh_in: 3595 });
  const credential = harness.credential();
  const token = await credential.getToken(SCOPE);
  assert.equal(token.refreshAfterTimestamp, token.expiresOnTimestamp - 30_000);
  harness.clock.jump(3_590_000);
  const caller = watch(credential.getToken(SCOPE));
  await harness.clock.advance(0);
  assert.notEqual(caller.value, token);
});

test("a token that is short, and whose refresh has failed, is served until the next refresh may start", async () => {
  const harness = new Harness();
  const { credential, token } = await due(harness, { expires_in: 600 });
  harness.respond = () => Promise.reject(networkError("ECONNREFUSED"));
  harness.clock.jump(token.expiresOnTimestamp - 20_000 - harness.clock.now());
  assert.equal(await credential.getToken(SCOPE), token);
  assert.equal(await credential.getToken(SCOPE), token);
  assert.equal(harness.requests.length, 2);
});

test("a token that expires at the moment of its response is not returned", async () => {
  const harness = new Harness();
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted({ expires_in: 5 }));
  const caller = watch(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
  await harness.clock.advance(5_000);
  responded.open();
  await harness.clock.advance(0);
  assert.equal(caller.error?.code, "timeout");
});
