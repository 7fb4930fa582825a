import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { ClusterIssuer, EntraEmulator, ManualClock } from "../../src/testing/mod.ts";
import { SCOPE, setUp, SUBJECT } from "./setup.ts";

const AUTHORITY = "https://login.microsoftonline.com";
const NOW = Date.UTC(2030, 0) / 1000;

test("a token verifies with the JWKS that the tenant's metadata leads to", async () => {
  const { emulator, application, request, clock } = await setUp();
  const response = await request();
  assert.equal(response.status, 200);
  const body = await response.json();
  assert.deepEqual(Object.keys(body), ["token_type", "expires_in", "ext_expires_in", "access_token"]);
  assert.equal(body.token_type, "Bearer");
  assert.equal(body.expires_in, 3600);

  const { tenantId } = application;
  const metadata = await emulator.fetch(`${AUTHORITY}/${tenantId}/.well-known/openid-configuration`);
  const { issuer, jwks_uri } = await metadata.json();
  const keys = createLocalJWKSet(await (await emulator.fetch(jwks_uri)).json());
  const { payload, protectedHeader } = await jwtVerify(body.access_token, keys, {
    issuer,
    audience: "https://vault.azure.net",
    currentDate: new Date(clock.now()),
  });
  assert.equal(protectedHeader.typ, "JWT");
  const { uti, ...claims } = payload;
  assert.ok(uti);
  assert.deepEqual(claims, {
    aud: "https://vault.azure.net",
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: NOW - 300,
    nbf: NOW - 300,
    exp: NOW + 3600,
    appid: application.clientId,
    appidacr: "2",
    idp: `https://sts.windows.net/${tenantId}/`,
    idtyp: "app",
    oid: application.objectId,
    sub: application.objectId,
    tid: tenantId,
    ver: "1.0",
  });
});

test("an application's own API can have tokens of version 2.0, with roles", async () => {
  const { emulator, issuer, request } = await setUp({
    resources: [{
      uri: "api://orders",
      tokenVersion: "2.0",
      audience: "0f0f0f0f-0000-4000-8000-000000000001",
    }],
  });
  const { tenantId, clientId, objectId } = emulator.addApplication({
    roles: ["Orders.Read"],
    federatedCredentials: [{ issuer: issuer.issuer, subject: SUBJECT }],
  });
  const response = await request({ client_id: clientId, scope: "api://orders/.default" });
  const claims = decodeJwt((await response.json()).access_token);
  assert.equal(claims.aud, "0f0f0f0f-0000-4000-8000-000000000001");
  assert.equal(claims.iss, `${AUTHORITY}/${tenantId}/v2.0`);
  assert.equal(claims.azp, clientId);
  assert.equal(claims.appid, undefined);
  assert.equal(claims.oid, objectId);
  assert.equal(claims.ver, "2.0");
  assert.deepEqual(claims.roles, ["Orders.Read"]);
});

test("a scope with two slashes requests the audience with a trailing slash", async () => {
  const { request } = await setUp();
  const response = await request({ scope: "https://database.windows.net//.default" });
  assert.equal(decodeJwt((await response.json()).access_token).aud, "https://database.windows.net/");
});

test("cp1 results in a token that is valid for a day and due for a refresh at half of it", async () => {
  const { request } = await setUp();
  const claims = JSON.stringify({ access_token: { xms_cc: { values: ["cp1"] } } });
  const body = await (await request({ claims })).json();
  assert.equal(body.expires_in, 86_400);
  assert.equal(body.refresh_in, 43_200);
  const payload = decodeJwt(body.access_token);
  assert.deepEqual(payload.xms_cc, ["cp1"]);
  assert.equal(payload.exp, NOW + 86_400);
});

test("lifetimes and refresh_in are options", async () => {
  const { request } = await setUp({ tokenLifetimeInMs: 60_000, refreshInMs: 4_000 });
  const body = await (await request()).json();
  assert.equal(body.expires_in, 60);
  assert.equal(body.refresh_in, 4);
  assert.equal(decodeJwt(body.access_token).exp, NOW + 60);
});

test("tenants are found by id and by domain, in any case", async () => {
  const { emulator, issuer, request } = await setUp();
  const { tenantId } = emulator.addTenant({ name: "Fabrikam", domains: ["fabrikam.onmicrosoft.com"] });
  const { clientId } = emulator.addApplication({
    tenantId,
    federatedCredentials: [{ issuer: issuer.issuer, subject: SUBJECT }],
  });
  for (const tenant of [tenantId, tenantId.toUpperCase(), "Fabrikam.onMicrosoft.com"]) {
    const response = await request({ client_id: clientId }, { tenant });
    assert.equal(decodeJwt((await response.json()).access_token).tid, tenantId);
  }
});

test("an application is known in its own tenant only", async () => {
  const { emulator, application, request } = await setUp();
  const { tenantId } = emulator.addTenant({ name: "Fabrikam" });
  const body = await (await request({}, { tenant: tenantId })).json();
  assert.deepEqual(body.error_codes, [700016]);
  assert.match(body.error_description, /directory 'Fabrikam'/);
  assert.notEqual(application.tenantId, tenantId);
});

test("one of several federated credentials and audiences is enough", async () => {
  const { issuer, application, request } = await setUp();
  application.federatedCredentials.push({
    issuer: issuer.issuer,
    subject: "system:serviceaccount:shop:checkout",
    audiences: ["api://other", "api://AKSIdentityBinding"],
  });
  const assertion = await issuer.mint({
    subject: "system:serviceaccount:shop:checkout",
    audience: ["https://kubernetes.default.svc", "api://AKSIdentityBinding"],
  });
  assert.equal((await request({ client_assertion: assertion })).status, 200);
});

test("new keys of the issuer are fetched once, and those that it has removed are rejected", async () => {
  const clock = new ManualClock();
  const issuer = await ClusterIssuer.create({ clock });
  const asked: string[] = [];
  const { application, request } = await setUp({
    clock,
    fetch: (url) => {
      asked.push(url);
      return issuer.fetch(url);
    },
  });
  application.federatedCredentials.push({ issuer: issuer.issuer, subject: SUBJECT });
  const present = async (assertion: string) => await request({ client_assertion: assertion });

  const old = await issuer.mint();
  assert.equal((await present(old)).status, 200);
  assert.equal((await present(old)).status, 200);
  assert.equal(asked.length, 2);
  await issuer.rotateKeys({ keepOld: false });
  assert.equal((await present(await issuer.mint())).status, 200);
  assert.equal(asked.length, 4);
  assert.deepEqual((await (await present(old)).json()).error_codes, [7000272]);
});

test("metadata of both versions, keys and instance discovery are served", async () => {
  const { emulator, application } = await setUp();
  const get = async (path: string) => {
    const response = await emulator.fetch(`${AUTHORITY}${path}`);
    return { status: response.status, body: response.status === 404 ? undefined : await response.json() };
  };
  const { tenantId } = application;
  const v2 = (await get(`/${tenantId}/v2.0/.well-known/openid-configuration`)).body;
  assert.equal(v2.issuer, `${AUTHORITY}/${tenantId}/v2.0`);
  assert.equal(v2.token_endpoint, `${AUTHORITY}/${tenantId}/oauth2/v2.0/token`);
  assert.equal((await get(new URL(v2.jwks_uri).pathname)).body.keys[0].kty, "RSA");
  const unknown = await get(`/9f3a2b1c-0000-4000-8000-000000000000/v2.0/.well-known/openid-configuration`);
  assert.equal(unknown.status, 400);
  assert.deepEqual(unknown.body.error_codes, [90002]);

  const discovery = "/common/discovery/instance?api-version=1.1&authorization_endpoint=";
  const known = (await get(`${discovery}${AUTHORITY}/${tenantId}/oauth2/v2.0/authorize`)).body;
  assert.equal(
    known.tenant_discovery_endpoint,
    `${AUTHORITY}/${tenantId}/v2.0/.well-known/openid-configuration`,
  );
  assert.ok(known.metadata[0].aliases.includes("login.windows.net"));
  const foreign = await get(`${discovery}https://login.example/x/oauth2/v2.0/authorize`);
  assert.deepEqual(foreign.body.error_codes, [50049]);
  assert.equal((await get("/")).status, 404);
});

test("fetch accepts a Request too, and a signal ends it", async () => {
  const { emulator, issuer, application } = await setUp();
  const url = `${AUTHORITY}/${application.tenantId}/oauth2/v2.0/token`;
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: application.clientId,
    scope: SCOPE,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await issuer.mint(),
  });
  assert.equal((await emulator.fetch(new Request(url, { method: "POST", body }))).status, 200);

  const reason = new Error("enough");
  await assert.rejects(emulator.fetch(url, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const pending = emulator.fetch(new Request(url, { method: "POST", body, signal: controller.signal }));
  controller.abort();
  await assert.rejects(pending, { name: "AbortError" });
});

test("requests are recorded, and printing them shows no secret", async () => {
  const { emulator, issuer, application, request } = await setUp();
  const assertion = await issuer.mint();
  const granted = await (await request({ client_assertion: assertion })).json();
  await request({ client_assertion: undefined, client_secret: "hunter2" }, {
    headers: { authorization: "Basic hunter2", "x-trace": "yes" },
  });
  const [first, second] = emulator.requests;
  assert.equal(first!.at, Date.UTC(2030, 0));
  assert.equal(first!.method, "POST");
  assert.equal(first!.url, `${AUTHORITY}/${application.tenantId}/oauth2/v2.0/token`);
  assert.equal(first!.form.scope, SCOPE);
  assert.equal(first!.claims?.sub, SUBJECT);
  assert.equal(first!.status, 200);
  assert.equal(first!.parameter("client_assertion"), assertion);
  assert.equal(second!.status, 401);
  assert.equal(second!.headers["x-trace"], "yes");

  const printed = [emulator, emulator.requests].flatMap((value) => [
    inspect(value, { depth: 9, showHidden: true }),
    JSON.stringify(value),
  ]).join("\n");
  assert.ok(printed.includes(SCOPE));
  for (
    const secret of ["hunter2", assertion.split(".")[2]!, granted.access_token.split(".")[2], "CryptoKey"]
  ) {
    assert.ok(!printed.includes(secret), secret);
  }
});

test("creating an emulator sends no request", () => {
  new EntraEmulator({ fetch: () => assert.fail("nothing may be fetched") });
});

test("a token's exp is never sooner than expires_in says", async () => {
  const { request, clock } = await setUp();
  clock.jump(999);
  const { access_token, expires_in } = await (await request()).json();
  assert.ok(decodeJwt(access_token).exp! * 1000 >= clock.now() + expires_in * 1000);
});

test("behind a TLS terminator, discovery and issuers contain the public address, not the forwarded one", async () => {
  const { emulator, application, request } = await setUp({
    publicUrl: "https://login.example/",
    resources: [{ uri: "api://orders", tokenVersion: "2.0" }],
  });
  const { tenantId } = application;
  const get = async (path: string) => {
    const headers = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };
    return await (await emulator.fetch(`http://10.0.0.7:8400${path}`, { headers })).json();
  };
  const metadata = await get(`/${tenantId}/v2.0/.well-known/openid-configuration`);
  assert.equal(metadata.issuer, `https://login.example/${tenantId}/v2.0`);
  assert.equal(metadata.token_endpoint, `https://login.example/${tenantId}/oauth2/v2.0/token`);
  const authorize = `https://login.example/${tenantId}/oauth2/v2.0/authorize`;
  const discovery = await get(`/common/discovery/instance?authorization_endpoint=${authorize}`);
  assert.deepEqual(discovery.metadata[0].aliases, ["login.example"]);
  const { access_token: token } = await (await request({ scope: "api://orders/.default" })).json();
  assert.equal(decodeJwt(token).iss, `https://login.example/${tenantId}/v2.0`);
});

test("a rotation of Entra's keys keeps the old one, or drops it", async () => {
  const { emulator, application, request } = await setUp();
  const kids = async () => {
    const url = `${AUTHORITY}/${application.tenantId}/discovery/v2.0/keys`;
    return (await (await emulator.fetch(url)).json()).keys.map(({ kid }: { kid: string }) => kid);
  };
  const sign = async () => decodeProtectedHeader((await (await request()).json()).access_token).kid;
  const first = await sign();
  await emulator.rotateKeys();
  const second = await sign();
  assert.notEqual(first, second);
  assert.deepEqual(await kids(), [first, second]);
  await emulator.rotateKeys({ keepOld: false });
  assert.deepEqual(await kids(), [await sign()]);
});
