import assert from "node:assert/strict";
import { test } from "node:test";
import { granted, HOUR, SCOPE, World } from "../support/harness.ts";

test("fresh: no request, no file or environment read, no timer; the same frozen object", async () => {
  const world = new World();
  const credential = world.credential();
  const first = await credential.getToken(SCOPE);
  const { fileReads } = world;
  const envReads = world.envReads.length;
  assert.equal(world.clock.pendingTimers, 0);
  for (const scopes of [SCOPE, [SCOPE], ` ${SCOPE} `, SCOPE.toUpperCase(), [SCOPE, SCOPE]]) {
    assert.equal(await credential.getToken(scopes), first);
    assert.equal(world.clock.pendingTimers, 0);
  }
  assert.equal(world.requests.length, 1);
  assert.equal(world.fileReads, fileReads);
  assert.equal(world.envReads.length, envReads);
  assert.ok(Object.isFrozen(first));
  assert.deepEqual(Object.keys(first).sort(), [
    "expiresOnTimestamp",
    "refreshAfterTimestamp",
    "token",
    "tokenType",
  ]);
  assert.equal(first.expiresOnTimestamp, world.clock.now() + HOUR);
});

test("the key is tenant, scopes and CAE; order and case do not matter", async () => {
  const world = new World();
  const credential = world.credential({ additionallyAllowedTenants: ["*"] });
  const first = await credential.getToken(["a", "b"]);
  assert.equal(await credential.getToken(["B", "A"]), first);
  assert.equal(await credential.getToken("b a"), first);
  const tenantId = world.env.AZURE_TENANT_ID!.toUpperCase();
  assert.equal(await credential.getToken("b a", { tenantId }), first);
  const others = [
    await credential.getToken("a"),
    await credential.getToken(["a", "b"], { enableCae: true }),
    await credential.getToken(["a", "b"], { tenantId: "other.example" }),
  ];
  assert.equal(new Set([first, ...others]).size, 4);
  assert.equal(world.requests.length, 4);
});

test("two credentials share nothing", async () => {
  const world = new World();
  await world.credential().getToken(SCOPE);
  await world.credential().getToken(SCOPE);
  assert.equal(world.requests.length, 2);
});

test("at most 1,000 keys are kept, about the least recently used go first", async () => {
  const world = new World();
  world.answer = () => granted({ expires_in: 86_400 });
  const credential = world.credential();
  for (let key = 0; key < 1000; key++) {
    await credential.getToken(`scope-${key}`);
    world.clock.jump(1);
  }
  await credential.getToken("scope-0");
  await credential.getToken("scope-1000");
  world.requests.length = 0;
  await credential.getToken("scope-0");
  await credential.getToken("scope-1000");
  assert.equal(world.requests.length, 0);
  await credential.getToken("scope-1");
  assert.equal(world.requests.length, 1);
});
