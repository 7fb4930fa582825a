import assert from "node:assert/strict";
import { test } from "node:test";
import { Harness, rejection, SCOPE } from "../support/harness.ts";

const OTHER = "22222222-0000-0000-0000-000000000000";

test("another tenant is used only if additionallyAllowedTenants contains it, or *", async () => {
  for (
    const [allowed, isAllowed] of [[[], false], [["*"], true], [[OTHER.toUpperCase()], true], [
      ["x.example"],
      false,
    ]] as const
  ) {
    const harness = new Harness();
    const credential = harness.credential({ additionallyAllowedTenants: [...allowed] });
    const call = credential.getToken(SCOPE, { tenantId: OTHER });
    if (isAllowed) {
      await call;
      assert.ok(harness.requests[0]!.url.includes(OTHER));
    } else {
      const error = await rejection(call);
      assert.equal(error.name, "CredentialUnavailableError");
      assert.equal(error.code, "tenant_not_allowed");
      assert.equal(error.details.tenantId, OTHER);
      assert.match(error.message, /additionallyAllowedTenants/);
      assert.match(error.message, /\n {2}Where: .*\n {2}Cause: .*\n {2}Fix: /);
      assert.equal(harness.requests.length, 0);
    }
  }
});

test("the credential's own tenant is always allowed, in any case", async () => {
  const harness = new Harness();
  await harness.credential().getToken(SCOPE, { tenantId: harness.env.AZURE_TENANT_ID!.toUpperCase() });
  assert.equal(harness.requests.length, 1);
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
    const harness = new Harness();
    const credential = harness.credential({ additionallyAllowedTenants: ["*"] });
    const error = await rejection(credential.getToken(SCOPE, { tenantId: tenantId as string }));
    assert.ok(error instanceof TypeError, String(tenantId));
    assert.equal(harness.requests.length, 0);
  }
});

test("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH makes every call use the credential's own tenant", async () => {
  const harness = new Harness();
  harness.env.AZURE_IDENTITY_DISABLE_MULTITENANTAUTH = "true";
  await harness.credential({ additionallyAllowedTenants: ["*"] }).getToken(SCOPE, { tenantId: OTHER });
  assert.ok(harness.requests[0]!.url.includes(harness.env.AZURE_TENANT_ID!));
});

test("empty and invalid scopes reject before any request", async () => {
  for (const scopes of ["", " ", [], [" "], undefined, null, [1], {}]) {
    const harness = new Harness();
    const error = await rejection(harness.credential().getToken(scopes as string));
    assert.ok(error instanceof TypeError);
    assert.equal(harness.requests.length + harness.fileReads, 0);
  }
});

test("claims that are not a JSON object reject before any request", async () => {
  for (const claims of ["{", "[]", "null", "7", { access_token: {} }, ["{}"]]) {
    const harness = new Harness();
    const error = await rejection(harness.credential().getToken(SCOPE, { claims: claims as string }));
    assert.ok(error instanceof TypeError);
    assert.equal(harness.requests.length, 0);
  }
});

test("a challenge's claims are merged with cp1", async () => {
  const harness = new Harness();
  const claims = JSON.stringify({
    access_token: { nbf: { essential: true, value: "1" }, acrs: {} },
    id_token: {},
  });
  await harness.credential().getToken(SCOPE, { claims, enableCae: true });
  assert.deepEqual(JSON.parse(harness.requests[0]!.form.get("claims")!), {
    access_token: { nbf: { essential: true, value: "1" }, acrs: {}, xms_cc: { values: ["cp1"] } },
    id_token: {},
  });
});

test("getToken returns a promise for any argument: it rejects, and never throws", async () => {
  const harness = new Harness();
  const { getToken } = harness.credential();
  const credential = harness.credential();
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
