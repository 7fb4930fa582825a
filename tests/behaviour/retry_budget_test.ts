import assert from "node:assert/strict";
import { test } from "node:test";
import type { CredentialEvent } from "../../src/core/mod.ts";
import { entraError, granted, Harness, networkError, respondWith, SCOPE, watch } from "../support/harness.ts";

const unavailable = () => respondWith(503, "");

/** Fails calls one after the other until no retry is left, and returns the requests of each. */
async function exhaust(harness: Harness, credential: ReturnType<Harness["credential"]>): Promise<number[]> {
  const requests: number[] = [];
  for (let call = 0; call < 4; call++) {
    const before = harness.requests.length;
    const caller = watch(credential.getToken(SCOPE));
    await harness.clock.advance(8_000);
    assert.equal(caller.state, "failed");
    requests.push(harness.requests.length - before);
  }
  return requests;
}

for (
  const [what, fail] of Object.entries({
    "5xx": unavailable,
    "429": () => respondWith(429, ""),
    "network failures": () => Promise.reject(networkError("ECONNRESET")),
  })
) {
  test(`in an outage (${what}) every call sends a request, and two calls are retried`, async () => {
    const harness = new Harness();
    harness.respond = fail;
    assert.deepEqual(await exhaust(harness, harness.credential()), [4, 4, 1, 1]);
  });
}

test("one event reports that the budget is exhausted", async () => {
  const harness = new Harness();
  harness.respond = unavailable;
  const events: CredentialEvent[] = [];
  const credential = harness.credential({ onEvent: (event) => void events.push(event) });
  await exhaust(harness, credential);
  const exhausted = events.filter(({ type }) => type === "retry_budget_exhausted");
  assert.deepEqual(exhausted, [{
    time: exhausted[0]!.time,
    type: "retry_budget_exhausted",
    exchangeId: 3,
    code: "entra_unavailable",
  }]);
});

test("after an outage a single lost response is retried again", async () => {
  const harness = new Harness();
  harness.respond = unavailable;
  const credential = harness.credential();
  await exhaust(harness, credential);
  harness.respond = () => granted();
  await credential.getToken(SCOPE);
  harness.requests.length = 0;
  harness.respond = (_, index) => index === 0 ? Promise.reject(networkError("ECONNRESET")) : granted();
  const caller = watch(credential.getToken("another scope"));
  await harness.clock.advance(1_000);
  assert.equal(caller.state, "given");
});

test("time refills the budget, one retry in 90 seconds", async () => {
  const harness = new Harness();
  harness.respond = unavailable;
  const credential = harness.credential();
  await exhaust(harness, credential);
  await harness.clock.advance(90_000);
  const requests = await exhaust(harness, credential);
  assert.deepEqual(requests, [2, 1, 1, 1]);
});

test("a tenant without a federated credential does not use up the retries of other tenants", async () => {
  const harness = new Harness();
  const credential = harness.credential({ additionallyAllowedTenants: ["*"] });
  harness.respond = () => entraError(70021);
  for (let call = 0; call < 10; call++) {
    const caller = watch(credential.getToken(SCOPE, { tenantId: `tenant-${call}.example` }));
    await harness.clock.advance(8_000);
    assert.equal(caller.state, "failed");
  }
  harness.requests.length = 0;
  harness.respond = unavailable;
  assert.deepEqual(await exhaust(harness, credential), [4, 4, 1, 1]);
});

test("a rejected assertion is replaced when the budget is exhausted", async () => {
  const harness = new Harness();
  harness.respond = unavailable;
  let reads = 0;
  const credential = harness.credential({ getAssertion: () => Promise.resolve(`a.b.c${++reads}`) });
  await exhaust(harness, credential);
  harness.requests.length = 0;
  harness.respond = (_, index) => index === 0 ? entraError(700024) : granted();
  await credential.getToken(SCOPE);
  assert.equal(harness.requests.length, 2);
});

for (const [first, requests] of [["before the first token", 2], ["after the first token", 4]] as const) {
  test(`a host that does not exist: ${requests} requests ${first}`, async () => {
    const harness = new Harness();
    const credential = harness.credential();
    if (first === "after the first token") await credential.getToken("another scope");
    harness.requests.length = 0;
    harness.respond = () => Promise.reject(networkError("ENOTFOUND"));
    const caller = watch(credential.getToken(SCOPE));
    await harness.clock.advance(8_000);
    assert.equal(caller.error.code, "network_failed");
    assert.equal(harness.requests.length, requests);
  });
}

for (
  const message of [
    "getaddrinfo ENOTFOUND login.example",
    "dns error: failed to lookup address information: Name or service not known",
    "nodename nor servname provided, or not known",
    "No such host is known. (os error 11001)",
  ]
) {
  test(`"${message}" is a host that does not exist`, async () => {
    const harness = new Harness();
    harness.respond = () => Promise.reject(new TypeError("fetch failed", { cause: new Error(message) }));
    watch(harness.credential().getToken(SCOPE));
    await harness.clock.advance(8_000);
    assert.equal(harness.requests.length, 2);
  });
}

test("a DNS server that fails is retried like any network failure", async () => {
  const harness = new Harness();
  harness.respond = () => Promise.reject(networkError("EAI_AGAIN"));
  watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(8_000);
  assert.equal(harness.requests.length, 4);
});
