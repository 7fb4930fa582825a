import assert from "node:assert/strict";
import { test } from "node:test";
import { Harness, HOUR, SCOPE } from "../support/harness.ts";

test("fresh: no request, no file or environment read, no timer; the same frozen object", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const first = await credential.getToken(SCOPE);
  const { fileReads } = harness;
  const envReads = harness.envReads.length;
  assert.equal(harness.clock.pendingTimers, 0);
  for (const scopes of [SCOPE, [SCOPE], ` ${SCOPE} `, SCOPE.toUpperCase(), [SCOPE, SCOPE]]) {
    assert.equal(await credential.getToken(scopes), first);
    assert.equal(harness.clock.pendingTimers, 0);
  }
  assert.equal(harness.requests.length, 1);
  assert.equal(harness.fileReads, fileReads);
  assert.equal(harness.envReads.length, envReads);
  assert.ok(Object.isFrozen(first));
  assert.deepEqual(Object.keys(first).sort(), [
    "expiresOnTimestamp",
    "refreshAfterTimestamp",
    "token",
    "tokenType",
  ]);
  assert.equal(first.expiresOnTimestamp, harness.clock.now() + HOUR);
});

test("the key is tenant, scopes and CAE; order and case do not matter", async () => {
  const harness = new Harness();
  const credential = harness.credential({ additionallyAllowedTenants: ["*"] });
  const first = await credential.getToken(["a", "b"]);
  assert.equal(await credential.getToken(["B", "A"]), first);
  assert.equal(await credential.getToken("b a"), first);
  const tenantId = harness.env.AZURE_TENANT_ID!.toUpperCase();
  assert.equal(await credential.getToken("b a", { tenantId }), first);
  const others = [
    await credential.getToken("a"),
    await credential.getToken(["a", "b"], { enableCae: true }),
    await credential.getToken(["a", "b"], { tenantId: "other.example" }),
  ];
  assert.equal(new Set([first, ...others]).size, 4);
  assert.equal(harness.requests.length, 4);
});

test("two credentials share nothing", async () => {
  const harness = new Harness();
  await harness.credential().getToken(SCOPE);
  await harness.credential().getToken(SCOPE);
  assert.equal(harness.requests.length, 2);
});
