import assert from "node:assert/strict";
import { test } from "node:test";
import { rejection, SCOPE, World } from "../support/harness.ts";

const OTHER = "22222222-0000-0000-0000-000000000000";

test("another tenant is asked only if additionallyAllowedTenants holds it, or *", async () => {
  for (
    const [allowed, isAllowed] of [[[], false], [["*"], true], [[OTHER.toUpperCase()], true], [
      ["x.example"],
      false,
    ]] as const
  ) {
    const world = new World();
    const credential = world.credential({ additionallyAllowedTenants: [...allowed] });
    const call = credential.getToken(SCOPE, { tenantId: OTHER });
    if (isAllowed) {
      await call;
      assert.ok(world.requests[0]!.url.includes(OTHER));
    } else {
      const error = await rejection(call);
      assert.equal(error.name, "CredentialUnavailableError");
      assert.equal(error.code, "tenant_not_allowed");
      assert.equal(error.details.tenantId, OTHER);
      assert.match(error.message, /additionallyAllowedTenants/);
      assert.match(error.message, /\n {2}Where: .*\n {2}Cause: .*\n {2}Fix: /);
      assert.equal(world.requests.length, 0);
    }
  }
});

test("the credential's own tenant may always be named, in any case", async () => {
  const world = new World();
  await world.credential().getToken(SCOPE, { tenantId: world.env.AZURE_TENANT_ID!.toUpperCase() });
  assert.equal(world.requests.length, 1);
});

test("a tenant of a call is validated like the configured one, before anything is sent", async () => {
  for (
    const tenantId of [
      "",
      "not/valid",
      "a?b",
      "a#b",
      "a b",
      "..",
      ".",
      "a%2Fb",
      "common",
      "Organizations",
      "consumers",
      7,
      null,
    ]
  ) {
    const world = new World();
    const credential = world.credential({ additionallyAllowedTenants: ["*"] });
    const error = await rejection(credential.getToken(SCOPE, { tenantId: tenantId as string }));
    assert.ok(error instanceof TypeError, String(tenantId));
    assert.equal(world.requests.length, 0);
  }
});

test("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH makes every call use the credential's own tenant", async () => {
  const world = new World();
  world.env.AZURE_IDENTITY_DISABLE_MULTITENANTAUTH = "true";
  await world.credential({ additionallyAllowedTenants: ["*"] }).getToken(SCOPE, { tenantId: OTHER });
  assert.ok(world.requests[0]!.url.includes(world.env.AZURE_TENANT_ID!));
});

test("empty scopes, and scopes that are none, reject before any request", async () => {
  for (const scopes of ["", " ", [], [" "], undefined, null, [1], {}]) {
    const world = new World();
    const error = await rejection(world.credential().getToken(scopes as string));
    assert.ok(error instanceof TypeError);
    assert.equal(world.requests.length + world.fileReads, 0);
  }
});

test("claims that are no JSON object reject before any request", async () => {
  for (const claims of ["{", "[]", "null", "7", { access_token: {} }]) {
    const world = new World();
    const error = await rejection(world.credential().getToken(SCOPE, { claims: claims as string }));
    assert.ok(error instanceof TypeError);
    assert.equal(world.requests.length, 0);
  }
});

test("a challenge's claims are merged with cp1", async () => {
  const world = new World();
  const claims = JSON.stringify({
    access_token: { nbf: { essential: true, value: "1" }, acrs: {} },
    id_token: {},
  });
  await world.credential().getToken(SCOPE, { claims, enableCae: true });
  assert.deepEqual(JSON.parse(world.requests[0]!.form.get("claims")!), {
    access_token: { nbf: { essential: true, value: "1" }, acrs: {}, xms_cc: { values: ["cp1"] } },
    id_token: {},
  });
});

test("getToken returns a promise whatever it is given: it rejects, never throws", async () => {
  const world = new World();
  const { getToken } = world.credential();
  const credential = world.credential();
  for (
    const args of [
      [],
      [undefined, null],
      [SCOPE, { requestOptions: { timeout: "x" } }],
      [Symbol("s")],
      [[Symbol("s")]],
      [[Object.create(null)]],
    ]
  ) {
    const call = credential.getToken(...args as unknown as [string]);
    assert.ok(call instanceof Promise);
    assert.ok(await rejection(call) instanceof Error);
  }
  assert.equal(typeof getToken, "function");
});
