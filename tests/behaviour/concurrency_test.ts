import assert from "node:assert/strict";
import { test } from "node:test";
import { entraError, gate, granted, Harness, networkError, SCOPE, watch } from "../support/harness.ts";

const CLAIMS = JSON.stringify({ access_token: { nbf: { essential: true, value: "1893456000" } } });

for (const state of ["cold", "expired"]) {
  test(`1,000 concurrent callers, ${state}: one request`, async () => {
    const harness = new Harness();
    const credential = harness.credential();
    if (state === "expired") harness.clock.jump((await credential.getToken(SCOPE)).expiresOnTimestamp);
    harness.requests.length = 0;
    const tokens = await Promise.all(
      Array.from(
        { length: 1000 },
        (_, index) =>
          credential.getToken(
            index % 2 ? SCOPE : [SCOPE],
            index % 3 ? {} : { abortSignal: new AbortController().signal },
          ),
      ),
    );
    assert.equal(new Set(tokens).size, 1);
    assert.equal(harness.requests.length, 1);
  });
}

test("1,000 concurrent callers share one failure, and the next call tries again", async () => {
  const harness = new Harness();
  harness.respond = () => entraError(700016);
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const outcomes = await Promise.allSettled(Array.from({ length: 1000 }, () => credential.getToken(SCOPE)));
  assert.ok(outcomes.every(({ status }) => status === "rejected"));
  assert.equal(harness.requests.length, 1);
  harness.respond = () => granted();
  await credential.getToken(SCOPE);
});

test("claims and forceRefresh skip the cache and replace the entry", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const cached = await credential.getToken(SCOPE);
  const forced = await credential.getToken(SCOPE, { forceRefresh: true });
  assert.notEqual(forced, cached);
  assert.equal(await credential.getToken(SCOPE), forced);
  const claimed = await credential.getToken(SCOPE, { claims: CLAIMS });
  assert.notEqual(claimed, forced);
  assert.equal(await credential.getToken(SCOPE), claimed);
  assert.equal(harness.requests[2]!.form.get("claims"), CLAIMS);
});

test("calls with claims or forceRefresh join only calls with the same", async () => {
  const harness = new Harness();
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  const credential = harness.credential();
  const other = JSON.stringify({ access_token: {} });
  const callers = [{}, { claims: CLAIMS }, { claims: other }, { forceRefresh: true }, {
    claims: CLAIMS,
    forceRefresh: true,
  }]
    .flatMap((options) => [credential.getToken(SCOPE, options), credential.getToken(SCOPE, options)]);
  await harness.clock.advance(0);
  assert.equal(harness.requests.length, 5);
  responded.open();
  assert.equal(new Set(await Promise.all(callers)).size, 5);
});

test("claims fail with their exchange although a valid token is cached; forceRefresh returns that one", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const cached = await credential.getToken(SCOPE);
  harness.respond = () => entraError(50079);
  await assert.rejects(credential.getToken(SCOPE, { claims: CLAIMS }), { code: "entra_rejected" });
  assert.equal(await credential.getToken(SCOPE, { forceRefresh: true }), cached);
  assert.equal(await credential.getToken(SCOPE), cached);
});

test("an exchange that was started before the entry's last write never overwrites it", async () => {
  const harness = new Harness();
  const slow = gate();
  harness.respond = (_, index) => index === 0 ? slow.promise.then(() => granted()) : granted();
  const credential = harness.credential();
  const first = credential.getToken(SCOPE);
  await harness.clock.advance(0);
  const newer = await credential.getToken(SCOPE, { claims: CLAIMS });
  slow.open();
  assert.notEqual(await first, newer);
  assert.equal(await credential.getToken(SCOPE), newer);
});

test("concurrent CAE and non-CAE first calls each get the right token", async () => {
  const harness = new Harness();
  harness.respond = ({ form }) => granted({ access_token: form.has("claims") ? "with-cp1" : "without" });
  const credential = harness.credential();
  const [cae, plain] = await Promise.all([
    credential.getToken(SCOPE, { enableCae: true }),
    credential.getToken(SCOPE),
  ]);
  assert.equal(cae.token, "with-cp1");
  assert.equal(plain.token, "without");
  assert.equal(await credential.getToken(SCOPE, { enableCae: true }), cae);
  assert.equal(await credential.getToken(SCOPE), plain);
  const sent = harness.requests.find(({ form }) => form.has("claims"))!;
  assert.deepEqual(JSON.parse(sent.form.get("claims")!), { access_token: { xms_cc: { values: ["cp1"] } } });
});

test("a caller that arrives during a background refresh joins it when it must wait", async () => {
  const harness = new Harness();
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const token = await credential.getToken(SCOPE);
  harness.clock.jump(token.refreshAfterTimestamp! - harness.clock.now());
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(1);
  harness.clock.jump(6 * 60_000);
  const waiting = watch(credential.getToken(SCOPE));
  await harness.clock.advance(1);
  assert.equal(waiting.state, "pending");
  responded.open();
  await harness.clock.advance(1);
  assert.equal(waiting.state, "given");
  assert.equal(harness.requests.length, 2);
});

test("a caller whose exchange fails gets a token that another exchange has obtained", async () => {
  const harness = new Harness();
  const slow = gate();
  harness.respond = (_, index) =>
    index === 0 ? slow.promise.then(() => Promise.reject(networkError("ECONNRESET"))) : granted();
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const first = credential.getToken(SCOPE);
  await harness.clock.advance(0);
  const newer = await credential.getToken(SCOPE, { claims: CLAIMS });
  slow.open();
  assert.equal(await first, newer);
});
