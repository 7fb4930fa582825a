import assert from "node:assert/strict";
import { test } from "node:test";
import { ClusterIssuer } from "../../src/testing/mod.ts";
import { SCOPE, type Setup, setUp, SUBJECT } from "./setup.ts";

type Form = Record<string, string | undefined>;

interface Case {
  readonly what: string;
  readonly code: number;
  readonly status: number;
  readonly error: string;
  /** Matches the text. */
  readonly says: RegExp;
  readonly ask: (setup: Setup) => Promise<Response>;
}

const asked = (form: Form) => ({ request }: Setup) => request(form);
const presented = (mint: (issuer: ClusterIssuer, setup: Setup) => Promise<string>) => async (setup: Setup) =>
  await setup.request({ client_assertion: await mint(setup.issuer, setup) });

const HOUR = 3_600_000;
const CASES: Case[] = [
  {
    what: "an unknown tenant",
    code: 90002,
    status: 400,
    error: "invalid_request",
    says: /Tenant '9f3a2b1c-0000-4000-8000-000000000000' not found/,
    ask: ({ request }) => request({}, { tenant: "9f3a2b1c-0000-4000-8000-000000000000" }),
  },
  {
    what: "an unknown domain as tenant",
    code: 90002,
    status: 400,
    error: "invalid_request",
    says: /Tenant 'nobody\.onmicrosoft\.com' not found/,
    ask: ({ request }) => request({}, { tenant: "nobody.onmicrosoft.com" }),
  },
  {
    what: "a tenant that is neither id nor domain",
    code: 900023,
    status: 400,
    error: "invalid_request",
    says: /'your-tenant-id' is neither a valid DNS name/,
    ask: ({ request }) => request({}, { tenant: "your-tenant-id" }),
  },
  {
    what: "common as tenant",
    code: 9001023,
    status: 400,
    error: "invalid_request",
    says: /not supported over the \/common/,
    ask: ({ request }) => request({}, { tenant: "common" }),
  },
  {
    what: "an unknown application",
    code: 700016,
    status: 400,
    error: "unauthorized_client",
    says: /identifier '11111111-2222-3333-4444-555555555555' was not found in the directory 'Contoso'/,
    ask: asked({ client_id: "11111111-2222-3333-4444-555555555555" }),
  },
  ...["grant_type", "client_id", "scope", "client_assertion_type"].map((parameter): Case => ({
    what: `no ${parameter}`,
    code: 900144,
    status: 400,
    error: "invalid_request",
    says: new RegExp(`must contain the following parameter: '${parameter}'`),
    ask: asked({ [parameter]: undefined }),
  })),
  {
    what: "neither assertion nor secret",
    code: 7000216,
    status: 401,
    error: "invalid_client",
    says: /'client_assertion', 'client_secret' or 'request' is required/,
    ask: asked({ client_assertion: undefined }),
  },
  {
    what: "a client secret that the application does not have",
    code: 7000215,
    status: 401,
    error: "invalid_client",
    says: /Invalid client secret provided/,
    ask: asked({ client_assertion: undefined, client_secret: "hunter2" }),
  },
  {
    what: "an expired client secret",
    code: 7000222,
    status: 401,
    error: "invalid_client",
    says: /secret keys for app '[0-9a-f-]{36}' are expired/,
    ask({ application, clock, request }) {
      application.clientSecrets.push({ value: "old", expiresAt: clock.now() });
      return request({ client_assertion: undefined, client_secret: "old" });
    },
  },
  {
    what: "a refresh token without a credential",
    code: 7000218,
    status: 401,
    error: "invalid_client",
    says: /'client_assertion' or 'client_secret'/,
    ask: asked({ grant_type: "refresh_token", refresh_token: "r", client_assertion: undefined }),
  },
  {
    what: "an on-behalf-of request with an application's token",
    code: 7000114,
    status: 400,
    error: "unauthorized_client",
    says: /is not allowed to make application on-behalf-of calls/,
    ask: asked({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "token" }),
  },
  {
    what: "an assertion that the application signed itself (private_key_jwt)",
    code: 700027,
    status: 401,
    error: "invalid_client",
    says: /certificate with identifier used to sign the client assertion is not registered on application/,
    ask: presented((issuer, { application: { clientId } }) =>
      issuer.mint({ subject: clientId, claims: { iss: clientId } })
    ),
  },
  {
    what: "another grant",
    code: 70003,
    status: 400,
    error: "unsupported_grant_type",
    says: /'password'/,
    ask: asked({ grant_type: "password" }),
  },
  {
    what: "the parameter resource",
    code: 901002,
    status: 400,
    error: "invalid_request",
    says: /'resource' request parameter is not supported/,
    ask: asked({ resource: "https://vault.azure.net" }),
  },
  {
    what: "a scope without /.default",
    code: 1002012,
    status: 400,
    error: "invalid_scope",
    says: /value for scope User\.Read is not valid/,
    ask: asked({ scope: "User.Read" }),
  },
  {
    what: "two scopes",
    code: 70011,
    status: 400,
    error: "invalid_scope",
    says:
      /The scope https:\/\/vault\.azure\.net\/\.default https:\/\/graph\.microsoft\.com\/\.default is not valid/,
    ask: asked({ scope: `${SCOPE} https://graph.microsoft.com/.default` }),
  },
  {
    what: "the scopes of a user alone",
    code: 70011,
    status: 400,
    error: "invalid_scope",
    says: /The scope openid profile is not valid/,
    ask: asked({ scope: "openid profile" }),
  },
  {
    what: "an unknown resource",
    code: 500011,
    status: 400,
    error: "invalid_resource",
    says: /The resource principal named https:\/\/nowhere\.example was not found in the tenant named Contoso/,
    ask: asked({ scope: "https://nowhere.example/.default" }),
  },
  {
    what: "a resource whose host only ends like one of Azure's",
    code: 500011,
    status: 400,
    error: "invalid_resource",
    says: /https:\/\/evilazure\.net/,
    ask: asked({ scope: "https://evilazure.net/.default" }),
  },
  {
    what: "an application without federated credentials",
    code: 70025,
    status: 401,
    error: "invalid_client",
    says: /\(workload\) has no configured federated identity credentials/,
    ask({ application, request }) {
      application.federatedCredentials.length = 0;
      return request();
    },
  },
  {
    what: "another issuer",
    code: 700211,
    status: 401,
    error: "invalid_client",
    says: /assertion issuer 'https:\/\/elsewhere\.example\/'/,
    ask: presented((issuer) => issuer.mint({ claims: { iss: "https://elsewhere.example/" } })),
  },
  {
    what: "the right issuer without its trailing slash",
    code: 700211,
    status: 401,
    error: "invalid_client",
    says: /assertion issuer/,
    ask: presented((issuer) => issuer.mint({ claims: { iss: issuer.issuer.slice(0, -1) } })),
  },
  {
    what: "another subject",
    code: 700213,
    status: 401,
    error: "invalid_client",
    says: /assertion subject 'system:serviceaccount:default:other'/,
    ask: presented((issuer) => issuer.mint({ serviceAccount: "other" })),
  },
  {
    what: "the right subject in another case",
    code: 7002138,
    status: 401,
    error: "invalid_client",
    says: /matches with case-insensitive comparison, but not with case-sensitive comparison/,
    ask: presented((issuer) => issuer.mint({ subject: SUBJECT.toUpperCase() })),
  },
  {
    what: "another audience",
    code: 700212,
    status: 401,
    error: "invalid_client",
    says: /assertion audience 'https:\/\/kubernetes\.default\.svc'/,
    ask: presented((issuer) => issuer.mint({ audience: "https://kubernetes.default.svc" })),
  },
  {
    what: "a forged signature",
    code: 700027,
    status: 401,
    error: "invalid_client",
    says: /failed signature validation/,
    ask: presented((issuer) => issuer.mint({ forged: true })),
  },
  {
    what: "claims changed after signing",
    code: 700027,
    status: 401,
    error: "invalid_client",
    says: /failed signature validation/,
    ask: presented(async (issuer) => {
      const [header, , signature] = (await issuer.mint({ serviceAccount: "other" })).split(".");
      const [, payload] = (await issuer.mint()).split(".");
      return [header, payload, signature].join(".");
    }),
  },
  {
    what: "a key that the issuer does not publish",
    code: 7000272,
    status: 401,
    error: "invalid_client",
    says:
      /identifier unknown-key used to sign .* could not be found in the metadata of identity provider https:/,
    ask: presented((issuer) => issuer.mint({ header: { kid: "unknown-key" } })),
  },
  {
    what: "no key id",
    code: 5002723,
    status: 400,
    error: "invalid_request",
    says: /nor keyId specified in token header/,
    ask: presented((issuer) => issuer.mint({ header: { kid: undefined } })),
  },
  {
    what: "not a JWT",
    code: 50027,
    status: 400,
    error: "invalid_request",
    says: /JWT token is invalid or malformed/,
    ask: asked({ client_assertion: "not a token" }),
  },
  {
    what: "a JWT cut off in its signature",
    code: 50027,
    status: 400,
    error: "invalid_request",
    says: /JWT token is invalid or malformed/,
    ask: presented(async (issuer) => (await issuer.mint()).split(".").slice(0, 2).join(".")),
  },
  {
    what: "no subject",
    code: 50027,
    status: 400,
    error: "invalid_request",
    says: /JWT token is invalid or malformed/,
    ask: presented((issuer) => issuer.mint({ claims: { sub: undefined } })),
  },
  {
    what: "an issuer that signs with ES256",
    code: 5002730,
    status: 400,
    error: "invalid_request",
    says: /Unsupported key for the signing algorithm/,
    ask: presented(async ({ issuer }, { clock }) =>
      await (await ClusterIssuer.create({ issuer, clock, algorithm: "ES256" })).mint()
    ),
  },
  {
    what: "an unsigned token",
    code: 5002730,
    status: 400,
    error: "invalid_request",
    says: /Unsupported key for the signing algorithm/,
    ask: presented((issuer) => unsigned(issuer)),
  },
  {
    what: "an expired token",
    code: 700024,
    status: 401,
    error: "invalid_client",
    says:
      /Current time: 2030-01-01T02:00:00\.0000000Z, assertion valid from 2030-01-01T00:00:00\.0000000Z, expiry time of assertion 2030-01-01T01:00:00\.0000000Z\./,
    ask: async ({ issuer, clock, request }) => {
      const token = await issuer.mint();
      await clock.advance(2 * HOUR);
      return await request({ client_assertion: token });
    },
  },
  {
    what: "a token in the second of its expiry",
    code: 700024,
    status: 401,
    error: "invalid_client",
    says: /Current time: 2030-01-01T01:00:00\.0000000Z/,
    ask: async ({ issuer, clock, request }) => {
      const token = await issuer.mint();
      await clock.advance(HOUR);
      return await request({ client_assertion: token });
    },
  },
  {
    what: "a token from the future",
    code: 700024,
    status: 401,
    error: "invalid_client",
    says: /assertion valid from 2030-01-01T00:10:00/,
    ask: presented((issuer, { clock }) => issuer.mint({ issuedAt: clock.now() + 600_000 })),
  },
  {
    what: "a lifetime over 25 hours",
    code: 70023,
    status: 401,
    error: "invalid_client",
    says:
      /lifetime of less than or equal to 1\.01:00:00\. Token issued at 1893456000\. Token expires on 1893546001\./,
    ask: presented((issuer) => issuer.mint({ lifetimeInMs: 25 * HOUR + 1000 })),
  },
  {
    what: "no time of issue",
    code: 70023,
    status: 401,
    error: "invalid_client",
    says: /External OIDC Provider token/,
    ask: presented((issuer) => issuer.mint({ claims: { iat: undefined } })),
  },
];

async function unsigned(issuer: ClusterIssuer): Promise<string> {
  const [header, payload] = (await issuer.mint()).split(".");
  const none = JSON.stringify({ ...JSON.parse(atob(header!)), alg: "none" });
  return `${btoa(none).replace(/=+$/, "")}.${payload}.`;
}

for (const { what, code, status, error, says, ask } of CASES) {
  test(`${what} is rejected with AADSTS${code}`, async () => {
    const response = await ask(await setUp());
    const body = await response.json();
    assert.deepEqual(body.error_codes, [code]);
    assert.match(body.error_description, new RegExp(`^AADSTS${code}: `));
    assert.match(body.error_description, says);
    assert.doesNotMatch(body.error_description, /[{}]|undefined/);
    assert.equal(response.status, status);
    assert.equal(body.error, error);
  });
}

test("an error response has the members of Entra's", async () => {
  const { request } = await setUp();
  const response = await request({ scope: "User.Read" }, {
    headers: { "client-request-id": "a1b2", "return-client-request-id": "true" },
  });
  const body = await response.json();
  assert.equal(body.correlation_id, "a1b2");
  assert.equal(body.timestamp, "2030-01-01 00:00:00Z");
  assert.match(body.trace_id, /^[0-9a-f-]{36}$/);
  assert.equal(body.error_uri, "https://login.microsoftonline.com/error?code=1002012");
  assert.ok(
    body.error_description.endsWith(
      `Trace ID: ${body.trace_id} Correlation ID: a1b2 Timestamp: 2030-01-01 00:00:00Z`,
    ),
  );
  assert.equal(response.headers.get("client-request-id"), "a1b2");
  assert.equal(response.headers.get("x-ms-request-id"), body.trace_id);
  assert.equal(response.headers.get("date"), "Tue, 01 Jan 2030 00:00:00 GMT");
  assert.match(response.headers.get("cache-control")!, /no-store/);
});

test("a GET on the token endpoint is rejected with AADSTS900561", async () => {
  const { emulator, application } = await setUp();
  const response = await emulator.fetch(
    `https://login.microsoftonline.com/${application.tenantId}/oauth2/v2.0/token`,
  );
  assert.deepEqual((await response.json()).error_codes, [900561]);
});

for (
  const [what, fetch] of Object.entries({
    "does not respond": () => Promise.reject(new TypeError("unreachable")),
    "responds with an error": () => Promise.resolve(new Response("", { status: 500 })),
    "responds with HTML": () => Promise.resolve(new Response("<html>")),
    "names another issuer": () =>
      Promise.resolve(
        Response.json({ issuer: "https://other.example", jwks_uri: "https://other.example/keys" }),
      ),
  })
) {
  test(`an issuer that ${what} is AADSTS90061`, async () => {
    const { request } = await setUp({ fetch });
    const response = await request();
    assert.equal(response.status, 400);
    assert.deepEqual((await response.json()).error_codes, [90061]);
  });
}

test("an issuer over plain http is not fetched, except on loopback", async () => {
  const asked: string[] = [];
  const { emulator, application, request, clock } = await setUp({
    fetch: (url) => {
      asked.push(url);
      return issuer.fetch(url);
    },
  });
  let issuer = await ClusterIssuer.create({ clock, issuer: "http://issuer.example" });
  application.federatedCredentials.push({ issuer: issuer.issuer, subject: SUBJECT });
  const rejected = await request({ client_assertion: await issuer.mint() });
  assert.deepEqual((await rejected.json()).error_codes, [90061]);
  assert.deepEqual(asked, []);

  issuer = await ClusterIssuer.create({ clock, issuer: "http://127.0.0.1:8080" });
  application.federatedCredentials.push({ issuer: issuer.issuer, subject: SUBJECT });
  assert.equal((await request({ client_assertion: await issuer.mint() })).status, 200);
  assert.equal(emulator.requests.length, 2);
});

test("credentials in the Authorization header are used, and not recorded", async () => {
  const { emulator, application, request } = await setUp();
  application.clientSecrets.push({ value: "p:ä %" });
  const basic = btoa(`${application.clientId}:${encodeURIComponent("p:ä %")}`);
  const response = await request({ client_id: undefined, client_assertion: undefined }, {
    headers: { authorization: `Basic ${basic}` },
  });
  assert.equal(response.status, 200);
  const [recorded] = emulator.requests;
  assert.equal(recorded!.form.client_id, application.clientId);
  assert.doesNotMatch(JSON.stringify(recorded), /p:|p%3A|Basic/);
  const broken = await request({ client_assertion: undefined }, { headers: { authorization: "Basic %%%" } });
  assert.deepEqual((await broken.json()).error_codes, [7000216]);
});
