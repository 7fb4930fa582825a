import assert from "node:assert/strict";
import { test } from "node:test";
import { Harness, projectedToken, SCOPE } from "../support/harness.ts";

test("cold: one request to any authority, and one read of the token file", async () => {
  const harness = new Harness();
  const { token, tokenType } = await harness.credential().getToken(SCOPE);
  assert.match(token, /^secret-/);
  assert.equal(tokenType, "Bearer");
  assert.equal(harness.requests.length, 1);
  assert.equal(harness.fileReads, 1);
});

test("an unknown authority costs one request too, with any disableInstanceDiscovery", async () => {
  for (const disableInstanceDiscovery of [undefined, true, false]) {
    const harness = new Harness();
    const authorityHost = "https://login.private.example";
    const options = disableInstanceDiscovery === undefined
      ? { authorityHost }
      : { authorityHost, disableInstanceDiscovery };
    await harness.credential(options).getToken(SCOPE);
    assert.deepEqual(harness.requests.map(({ url }) => url), [
      "https://login.private.example/72f988bf-0000-0000-0000-2d7cd011db47/oauth2/v2.0/token",
    ]);
  }
});

test("the request is RFC 7523's, and nothing more", async () => {
  const harness = new Harness();
  harness.file = projectedToken({ jti: "this one" });
  await harness.credential().getToken(SCOPE);
  const [{ url, init, form }] = harness.requests as [typeof harness.requests[0] & object];
  assert.equal(
    url,
    "https://login.microsoftonline.com/72f988bf-0000-0000-0000-2d7cd011db47/oauth2/v2.0/token",
  );
  assert.equal(init.method, "POST");
  assert.equal(init.redirect, "manual");
  assert.equal(init.headers["content-type"], "application/x-www-form-urlencoded");
  assert.equal(init.body, form.toString());
  assert.equal(init.headers["accept"], "application/json");
  assert.equal(init.headers["return-client-request-id"], "true");
  assert.match(
    init.headers["client-request-id"]!,
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.deepEqual(Object.fromEntries(form), {
    client_id: "11111111-2222-3333-4444-555555555555",
    scope: SCOPE,
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: harness.file,
  });
});

test("the environment is read by name, in the constructor, and only for omitted options", () => {
  const harness = new Harness();
  harness.credential({ tenantId: "t.example", clientId: "c" });
  assert.ok(!harness.envReads.includes("AZURE_TENANT_ID") && !harness.envReads.includes("AZURE_CLIENT_ID"));
  assert.ok(
    harness.envReads.includes("AZURE_FEDERATED_TOKEN_FILE") &&
      harness.envReads.includes("AZURE_AUTHORITY_HOST"),
  );
});

test("options win over the environment, and the caller's objects stay as they are", async () => {
  const harness = new Harness();
  const options = Object.freeze({
    tenantId: "own.example",
    clientId: "own-client",
    authorityHost: "https://own.example/",
    retryOptions: Object.freeze({}),
    additionallyAllowedTenants: Object.freeze(["other.example"]) as unknown as string[],
  });
  const scopes = Object.freeze([SCOPE]) as unknown as string[];
  await harness.credential(options).getToken(scopes, Object.freeze({ enableCae: true }));
  assert.equal(harness.requests[0]!.url, "https://own.example/own.example/oauth2/v2.0/token");
  assert.equal(harness.requests[0]!.form.get("client_id"), "own-client");
});
