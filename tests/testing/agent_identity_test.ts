import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import type { Application } from "../../src/testing/mod.ts";
import { importSigningKey } from "../../src/testing/signing_key.ts";
import { type Setup, setUp, SUBJECT } from "./setup.ts";

const AUTHORITY = "https://login.microsoftonline.com";
const EXCHANGE = "api://AzureADTokenExchange/.default";
const VAULT = "https://vault.azure.net/.default";
const TENANT = "00112233-4455-6677-8899-aabbccddeeff";
const BLUEPRINT = "12345678-9abc-def0-1234-56789abcdef0";
const AGENT = "22222222-2222-3333-4444-555555555555";

interface Agents extends Setup {
  readonly blueprint: Application;
  readonly agent: Application;
  /** Sends the blueprint's request; an argument replaces a parameter. */
  firstHop(form?: Record<string, string | undefined>, tenant?: string): Promise<Response>;
  /** Sends the agent's request with an exchange token. */
  secondHop(assertion: string, form?: Record<string, string | undefined>): Promise<Response>;
}

async function setUpAgents(): Promise<Agents> {
  const setup = await setUp();
  const { emulator, issuer, request } = setup;
  const blueprint = emulator.addApplication({
    kind: "blueprint",
    tenantId: TENANT,
    clientId: BLUEPRINT,
    federatedCredentials: [{ issuer: issuer.issuer, subject: SUBJECT }],
  });
  const agent = emulator.addAgentIdentity({ blueprint, clientId: AGENT, roles: ["Orders.Read"] });
  return {
    ...setup,
    blueprint,
    agent,
    firstHop: (form = {}, tenant = TENANT) =>
      request({ client_id: BLUEPRINT, scope: EXCHANGE, fmi_path: AGENT, ...form }, { tenant }),
    secondHop: (assertion, form = {}) =>
      request({ client_id: AGENT, scope: VAULT, client_assertion: assertion, ...form }, { tenant: TENANT }),
  };
}

async function tokenOf(response: Response): Promise<string> {
  const body = await response.json();
  assert.equal(response.status, 200, body.error_description);
  return body.access_token;
}

async function codeOf(response: Response): Promise<number> {
  return (await response.json()).error_codes?.[0];
}

test("a blueprint gets an exchange token that names the agent", async () => {
  const { emulator, blueprint, firstHop, clock } = await setUpAgents();
  const response = await firstHop();
  const body = await response.clone().json();
  assert.equal(body.expires_in, 3900);
  const jwks = await (await emulator.fetch(`${AUTHORITY}/${TENANT}/discovery/v2.0/keys`)).json();
  const { payload } = await jwtVerify(await tokenOf(response), createLocalJWKSet(jwks), {
    currentDate: new Date(clock.now()),
  });
  const { iat: _iat, nbf: _nbf, exp: _exp, uti: _uti, ...claims } = payload;
  assert.deepEqual(claims, {
    aud: "fb60f99c-7a34-4190-8149-302f77469936",
    iss: `${AUTHORITY}/${TENANT}/v2.0`,
    azp: BLUEPRINT,
    azpacr: "2",
    idtyp: "app",
    oid: blueprint.objectId,
    // The bytes of the GUIDs in the order of .NET: 33221100-5544-7766-8899..., 78563412-bc9a-f0de-1234...
    sub: `/eid1/c/pub/t/MyIRAFVEd2aImaq7zN3u_w/a/eFY0Erya8N4SNFZ4mrze8A/${AGENT}`,
    tid: TENANT,
    ver: "2.0",
  });
});

test("an agent gets a resource token for its exchange token", async () => {
  const { firstHop, secondHop } = await setUpAgents();
  const claims = decodeJwt(await tokenOf(await secondHop(await tokenOf(await firstHop()))));
  assert.equal(claims.aud, "https://vault.azure.net");
  assert.deepEqual([claims.appid, claims.oid, claims.sub], [AGENT, AGENT, AGENT]);
  for (const facets of [claims.xms_act_fct, claims.xms_sub_fct]) {
    assert.ok(String(facets).split(" ").includes("11"));
  }
  assert.equal(claims.xms_par_app_azp, BLUEPRINT);
  assert.deepEqual(claims.roles, ["Orders.Read"]);
});

test("a blueprint may authenticate with a client secret", async () => {
  const { blueprint, firstHop, secondHop } = await setUpAgents();
  blueprint.clientSecrets.push({ value: "hunter2" });
  const exchangeToken = await tokenOf(
    await firstHop({ client_assertion: undefined, client_secret: "hunter2" }),
  );
  assert.equal(decodeJwt(exchangeToken).azpacr, "1");
  await tokenOf(await secondHop(exchangeToken));
});

test("the exchange token of another blueprint is rejected with AADSTS700213", async () => {
  const { emulator, issuer, firstHop, secondHop } = await setUpAgents();
  const other = emulator.addApplication({
    kind: "blueprint",
    tenantId: TENANT,
    federatedCredentials: [{ issuer: issuer.issuer, subject: SUBJECT }],
  });
  const foreign = await tokenOf(await firstHop({ client_id: other.clientId }));
  assert.equal(await codeOf(await secondHop(foreign)), 700213);
});

test("an exchange token for another agent is rejected with AADSTS700213", async () => {
  const { emulator, blueprint, firstHop, secondHop } = await setUpAgents();
  const sibling = emulator.addAgentIdentity({ blueprint });
  const token = await tokenOf(await firstHop({ fmi_path: sibling.clientId }));
  assert.equal(await codeOf(await secondHop(token)), 700213);
});

for (const blank of ["", "  "]) {
  test(`with the blank path "${blank}" the token is the blueprint's, and the agent is rejected`, async () => {
    const { blueprint, firstHop, secondHop } = await setUpAgents();
    const token = await tokenOf(await firstHop({ fmi_path: blank }));
    assert.equal(decodeJwt(token).sub, blueprint.objectId);
    assert.equal(await codeOf(await secondHop(token)), 700213);
  });
}

test("an exchange token of the blueprint's tenant is rejected in the agent's with AADSTS700211", async () => {
  const { emulator, blueprint, firstHop, request } = await setUpAgents();
  const { tenantId } = emulator.addTenant();
  const agent = emulator.addAgentIdentity({ blueprint, tenantId });
  const present = async (exchangeToken: string) =>
    await request({ client_id: agent.clientId, scope: VAULT, client_assertion: exchangeToken }, {
      tenant: tenantId,
    });
  const path = { fmi_path: agent.clientId };
  assert.equal(await codeOf(await present(await tokenOf(await firstHop(path)))), 700211);
  const claims = decodeJwt(await tokenOf(await present(await tokenOf(await firstHop(path, tenantId)))));
  assert.equal(claims.tid, tenantId);
});

test("without a credential both hops are rejected with AADSTS7000216", async () => {
  const { firstHop, secondHop } = await setUpAgents();
  assert.equal(await codeOf(await firstHop({ client_assertion: undefined })), 7000216);
  assert.equal(await codeOf(await secondHop("", { client_assertion: undefined })), 7000216);
});

test("an agent identity has no secret and trusts no issuer but its own tenant", async () => {
  const { issuer, agent, secondHop } = await setUpAgents();
  agent.federatedCredentials.push({ issuer: issuer.issuer, subject: SUBJECT });
  assert.equal(await codeOf(await secondHop(await issuer.mint())), 700211);
  const withSecret = { client_assertion: undefined, client_secret: "hunter2" };
  assert.equal(await codeOf(await secondHop("", withSecret)), 7000215);
});

test("a token exchange, and a blueprint's token for itself, are rejected with AADSTS82001", async () => {
  const { firstHop } = await setUpAgents();
  const exchange = await firstHop({ grant_type: "urn:ietf:params:oauth:grant-type:token-exchange" });
  assert.equal(await codeOf(exchange), 82001);
  const response = await firstHop({ scope: VAULT });
  const body = await response.json();
  assert.equal(response.status, 400);
  assert.equal(body.error, "unauthorized_client");
  assert.match(
    body.error_description,
    /^AADSTS82001: Agentic application '12345678-.+' is not permitted to request app-only tokens for resource 'https:/,
  );
});

test("a blueprint gets a token for Microsoft Graph, where it creates its agents", async () => {
  const { blueprint, firstHop } = await setUpAgents();
  for (const graph of ["https://graph.microsoft.com", "https://graph.microsoft.com/"]) {
    const token = await tokenOf(await firstHop({ scope: `${graph}/.default`, fmi_path: undefined }));
    const { aud, oid } = decodeJwt(token);
    assert.deepEqual([aud, oid], [graph, blueprint.objectId]);
  }
});

test("an expired exchange token is rejected with AADSTS700024", async () => {
  const { clock, firstHop, secondHop } = await setUpAgents();
  const token = await tokenOf(await firstHop());
  clock.jump(3_901_000);
  assert.equal(await codeOf(await secondHop(token)), 700024);
});

test("an agent of an application that is not a blueprint is a TypeError", async () => {
  const { emulator, application } = await setUp();
  assert.throws(() => emulator.addAgentIdentity({ blueprint: application }), {
    name: "TypeError",
    message: /"workload" is a application/,
  });
});

test("the token of a managed identity is accepted as an assertion, in another tenant too", async () => {
  const { emulator, issuer, request } = await setUp();
  const identity = emulator.addApplication({
    kind: "managed-identity",
    federatedCredentials: [{ issuer: issuer.issuer, subject: SUBJECT }],
  });
  const { tenantId } = emulator.addTenant();
  const trusted = { issuer: `${AUTHORITY}/${identity.tenantId}/v2.0`, subject: identity.objectId };
  const application = emulator.addApplication({
    tenantId: identity.tenantId,
    installedIn: [tenantId],
    federatedCredentials: [trusted],
  });
  const assertion = await tokenOf(await request({ client_id: identity.clientId, scope: EXCHANGE }));
  assert.match(String(decodeJwt(assertion).xms_mirid), /\/userAssignedIdentities\/workload$/);
  for (const tenant of [identity.tenantId, tenantId]) {
    const form = { client_id: application.clientId, client_assertion: assertion };
    const claims = decodeJwt(await tokenOf(await request(form, { tenant })));
    assert.equal(claims.appid, application.clientId);
    assert.equal(claims.tid, tenant);
  }
});

test("the token of an application is rejected as an assertion with AADSTS700222", async () => {
  const { emulator, application, request } = await setUp();
  const { tenantId } = application;
  const client = emulator.addApplication({
    federatedCredentials: [{ issuer: `${AUTHORITY}/${tenantId}/v2.0`, subject: application.objectId }],
  });
  const assertion = await tokenOf(await request({ scope: EXCHANGE }));
  const response = await request({ client_id: client.clientId, client_assertion: assertion });
  assert.equal(await codeOf(response), 700222);
});

test("the token of a user is rejected as an assertion with AADSTS700229", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signingKey = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const { emulator, application, request } = await setUp({ signingKey });
  const client = emulator.addApplication({
    federatedCredentials: [{
      issuer: `${AUTHORITY}/${application.tenantId}/v2.0`,
      subject: application.objectId,
    }],
  });
  const claims = decodeJwt(await tokenOf(await request({ scope: EXCHANGE })));
  const key = await importSigningKey(signingKey);
  for (const [idtyp, code] of [["app", 700222], ["user", 700229]]) {
    const assertion = await key.sign({ ...claims, idtyp });
    const response = await request({ client_id: client.clientId, client_assertion: assertion });
    assert.equal(await codeOf(response), code);
  }
});

test("a token that this emulator has not signed is rejected, whatever issuer it names", async () => {
  const { issuer, emulator, application, request } = await setUp();
  const iss = `${AUTHORITY}/${application.tenantId}/v2.0`;
  const client = emulator.addApplication({ federatedCredentials: [{ issuer: iss, subject: "s" }] });
  const assertion = await issuer.mint({ subject: "s", claims: { iss, idtyp: "app", xms_mirid: "/id" } });
  const response = await request({ client_id: client.clientId, client_assertion: assertion });
  assert.equal(await codeOf(response), 7000272);
});

test("served behind another address, the issuer of an exchange token is that address", async () => {
  const { emulator } = await setUp({ publicUrl: "https://entra.example/base/" });
  const blueprint = emulator.addApplication({
    kind: "blueprint",
    tenantId: TENANT,
    clientSecrets: [{ value: "hunter2" }],
  });
  const agent = emulator.addAgentIdentity({ blueprint });
  const post = async (form: Record<string, string>) => {
    const url = `http://127.0.0.1:8400/base/${TENANT}/oauth2/v2.0/token`;
    const body = new URLSearchParams({ grant_type: "client_credentials", ...form });
    return await tokenOf(await emulator.fetch(url, { method: "POST", body }));
  };
  const exchangeToken = await post({
    client_id: blueprint.clientId,
    client_secret: "hunter2",
    scope: EXCHANGE,
    fmi_path: agent.clientId,
  });
  assert.equal(decodeJwt(exchangeToken).iss, `https://entra.example/base/${TENANT}/v2.0`);
  await post({
    client_id: agent.clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: exchangeToken,
    scope: VAULT,
  });
});
