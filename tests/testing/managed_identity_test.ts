import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import {
  type Application,
  type ApplicationOptions,
  EntraEmulator,
  ManualClock,
} from "../../src/testing/mod.ts";

const IMDS = "http://169.254.169.254/metadata/identity/oauth2/token";
const APP_SERVICE = "http://127.0.0.1:8400/msi/token";
const VAULT = "https://vault.azure.net";
const IMDS_QUERY = { "api-version": "2018-02-01", resource: VAULT };
const APP_SERVICE_QUERY = { "api-version": "2019-08-01", resource: VAULT };

interface Place {
  readonly clock: ManualClock;
  readonly emulator: EntraEmulator;
  readonly identity: Application;
  imds(query?: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  appService(query?: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
}

function setUp(options: ApplicationOptions = { kind: "managed-identity" }): Place {
  const clock = new ManualClock();
  const emulator = new EntraEmulator({ clock });
  const identity = emulator.addApplication(options);
  return {
    clock,
    emulator,
    identity,
    imds: (query = IMDS_QUERY, headers = { metadata: "true" }) =>
      emulator.fetch(`${IMDS}?${new URLSearchParams(query)}`, { headers }),
    appService: (query = APP_SERVICE_QUERY, headers = { "x-identity-header": emulator.identityHeader }) =>
      emulator.fetch(`${APP_SERVICE}?${new URLSearchParams(query)}`, { headers }),
  };
}

test("the metadata service issues a token that verifies, with its numbers as strings", async () => {
  const { clock, emulator, identity, imds } = setUp();
  const response = await imds();
  assert.equal(response.status, 200);
  const { access_token: token, ...body } = await response.json();
  const now = clock.now() / 1000;
  assert.deepEqual(body, {
    client_id: identity.clientId,
    expires_in: "86400",
    expires_on: String(now + 86_400),
    ext_expires_in: "86400",
    not_before: String(now - 300),
    resource: VAULT,
    token_type: "Bearer",
  });
  const keys = `https://login.microsoftonline.com/${identity.tenantId}/discovery/v2.0/keys`;
  const jwks = createLocalJWKSet(await (await emulator.fetch(keys)).json());
  const { payload } = await jwtVerify(token, jwks, {
    audience: VAULT,
    issuer: `https://sts.windows.net/${identity.tenantId}/`,
    currentDate: new Date(clock.now()),
  });
  assert.equal(payload.appid, identity.clientId);
  assert.equal(payload.oid, identity.objectId);
  assert.equal(payload.xms_mirid, identity.resourceId);
});

test("App Service issues a token with the members of its own response", async () => {
  const { clock, identity, appService } = setUp();
  const { access_token: token, ...body } = await (await appService()).json();
  assert.deepEqual(body, {
    client_id: identity.clientId,
    expires_on: String(clock.now() / 1000 + 86_400),
    resource: VAULT,
    token_type: "Bearer",
  });
  assert.equal(decodeJwt(token).aud, VAULT);
});

test("identities are found by client id, object id and resource id, and by nothing else", async () => {
  const { emulator, identity, imds, appService } = setUp();
  const other = emulator.addApplication({ kind: "managed-identity", name: "other" });
  emulator.addApplication();
  const names: [Place["imds"], Record<string, string>, string, string, string][] = [
    [imds, IMDS_QUERY, "client_id", "object_id", "msi_res_id"],
    [appService, APP_SERVICE_QUERY, "client_id", "principal_id", "mi_res_id"],
  ];
  for (const [endpoint, query, clientId, objectId, resourceId] of names) {
    for (const { clientId: expected, ...ids } of [identity, other]) {
      const byEach = [
        { [clientId]: expected },
        { [clientId]: expected.toUpperCase() },
        { [objectId]: ids.objectId },
        { [resourceId]: ids.resourceId! },
      ];
      for (const name of byEach) {
        const body = await (await endpoint({ ...query, ...name })).json();
        assert.equal(body.client_id, expected, JSON.stringify(name));
      }
    }
  }
});

test("a request that names no identity gets the system-assigned one, or the only one", async () => {
  const { emulator, identity, imds } = setUp();
  assert.equal((await (await imds()).json()).client_id, identity.clientId);
  emulator.addApplication({ kind: "managed-identity" });
  const several = await imds();
  assert.equal(several.status, 400);
  assert.match((await several.json()).error_description, /^Multiple user assigned identities exist/);
  const system = emulator.addApplication({ kind: "managed-identity", systemAssigned: true, name: "vm" });
  const { client_id: clientId, access_token: token } = await (await imds()).json();
  assert.equal(clientId, system.clientId);
  assert.match(String(decodeJwt(token).xms_mirid), /Microsoft\.Compute\/virtualMachines\/vm$/);
});

const REJECTED: [string, (place: Place) => Promise<Response>, number, Record<string, unknown>][] = [
  [
    "without the Metadata header",
    ({ imds }) => imds(IMDS_QUERY, {}),
    400,
    { error: "bad_request_102", error_description: "Required metadata header not specified" },
  ],
  [
    "with X-Forwarded-For",
    ({ imds }) => imds(IMDS_QUERY, { metadata: "true", "x-forwarded-for": "10.0.0.1" }),
    400,
    { error: "invalid_request" },
  ],
  ["without api-version", ({ imds }) => imds({ resource: VAULT }), 400, { error: "invalid_request" }],
  [
    "without a resource",
    ({ imds }) => imds({ "api-version": "2018-02-01" }),
    400,
    { error: "invalid_request", error_description: "Required audience parameter not specified" },
  ],
  [
    "of an unknown identity",
    ({ imds }) => imds({ ...IMDS_QUERY, client_id: "11111111-2222-3333-4444-555555555555" }),
    400,
    { error: "invalid_request", error_description: "Identity not found" },
  ],
  [
    "for an unknown resource",
    ({ imds }) => imds({ ...IMDS_QUERY, resource: "https://nowhere.example" }),
    400,
    { error: "invalid_resource" },
  ],
];

for (const [what, ask, status, members] of REJECTED) {
  test(`the metadata service rejects a request ${what}`, async () => {
    const response = await ask(setUp());
    assert.equal(response.status, status);
    const body = await response.json();
    for (const [name, value] of Object.entries(members)) assert.equal(body[name], value);
  });
}

test("a machine without an identity, and an application that is not a managed identity, get no token", async () => {
  const { imds, identity } = setUp({});
  assert.equal((await (await imds()).json()).error_description, "Identity not found");
  assert.equal((await imds({ ...IMDS_QUERY, client_id: identity.clientId })).status, 400);
});

test("App Service rejects a wrong header with 401, and an unknown identity with 400", async () => {
  const { appService } = setUp();
  for (const headers of [{}, { "x-identity-header": "guess" }] as Record<string, string>[]) {
    const response = await appService(APP_SERVICE_QUERY, headers);
    assert.equal(response.status, 401);
  }
  const unknown = await appService({ ...APP_SERVICE_QUERY, principal_id: "nobody" });
  const body = await unknown.json();
  assert.equal(body.statusCode, 400);
  assert.match(body.message, /^No User Assigned or Delegated Managed Identity found/);
});

test("faults affect the token requests of both endpoints, but no probe", async () => {
  const { emulator, imds, appService } = setUp();
  emulator.failNext({ status: 429 }, { status: 503 });
  assert.equal((await emulator.fetch(IMDS)).status, 400, "a probe has no Metadata header");
  assert.equal((await imds()).status, 429);
  assert.equal((await appService()).status, 503);
  assert.equal((await imds()).status, 200);
});

test("the record of a request has no identity header", async () => {
  const { emulator, appService } = setUp();
  await appService();
  const [request] = emulator.requests;
  assert.equal(request!.endpoint, "app-service");
  assert.equal(request!.form.resource, VAULT);
  const shown = [emulator, request].flatMap((value) => [
    inspect(value, { depth: 9, showHidden: true }),
    JSON.stringify(value),
  ]);
  assert.ok(!shown.join("\n").includes(emulator.identityHeader));
});
