/** A credential with hostile options, variables, files and responses: it fails only with its own two errors. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import type { GetTokenOptions, WorkloadIdentityCredentialOptions } from "../../mod.ts";
import type { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { Harness, projectedToken, respondWith, SCOPE } from "../support/harness.ts";
import { type HostileFunction, hostileFunction, perform, responding } from "./hostile_functions.ts";
import { assertPrototypesUnchanged } from "./prototypes.ts";
import { assertKind, assertNamed, assertSettles } from "./settling.ts";
import { anything, members, mostly, NAMES, SECRET, text } from "./values.ts";

after(assertPrototypesUnchanged);

const VARIABLES = [
  "AZURE_CLIENT_ID",
  "AZURE_TENANT_ID",
  "AZURE_FEDERATED_TOKEN_FILE",
  "AZURE_AUTHORITY_HOST",
  "AZURE_REGIONAL_AUTHORITY_NAME",
  "REGION_NAME",
  "AZURE_IDENTITY_DISABLE_MULTITENANTAUTH",
  "AZURE_KUBERNETES_TOKEN_PROXY",
  "AZURE_KUBERNETES_SNI_NAME",
  "AZURE_KUBERNETES_CA_FILE",
  "AZURE_KUBERNETES_CA_DATA",
];
const LINES = /^ {2}(Where: |Assertion: |Cause: |Fix: | {2}\S|Note: |See: )/;

/** Most are valid, because a single invalid one hides the others. */
const WEIGHT = 20;
const options = members({
  tenantId: "contoso.com",
  clientId: "client",
  tokenFilePath: "/token",
  authorityHost: "https://login.example",
  additionallyAllowedTenants: ["*"],
  enableAzureProxy: false,
  disableInstanceDiscovery: true,
  requestTimeoutInMs: 1000,
}, WEIGHT);
const nested = fc.record({
  retryOptions: members({ maxRetries: 1, retryDelayInMs: 5, maxRetryDelayInMs: 50 }, WEIGHT),
  loggingOptions: mostly(members({ allowLoggingAccountIdentifiers: true }), anything, 2),
  disableInstanceDiscovery: anything,
}, { requiredKeys: [] });
const does = (deeds: fc.Arbitrary<HostileFunction>) => mostly(deeds.map(toFunction), anything, WEIGHT);
const functions = fc.record({
  getAssertion: does(hostileFunction),
  fetch: does(fc.oneof(hostileFunction, responding)),
  onEvent: does(hostileFunction),
}, { requiredKeys: [] });
const variables = fc.dictionary(
  fc.constantFrom(...VARIABLES),
  fc.oneof(text, fc.webUrl(), fc.constantFrom("contoso.com", "AutoDiscoverRegion")),
);

test("options and variables make a credential whose calls settle, or are rejected with a known error", async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(
      options,
      nested,
      functions,
      mostly(fc.constant({}), variables, 1),
      mostly(fc.constant({}), fc.constant({ enableAzureProxy: true }), 5),
      async (given, inner, more, env, proxy) => {
        const harness = new Harness();
        Object.assign(harness.env, env);
        const all = { ...given, ...inner, ...more, ...proxy };
        let credential: WorkloadIdentityCredential;
        try {
          credential = harness.credential(all as WorkloadIdentityCredentialOptions);
        } catch (error) {
          return assertNamed(error);
        }
        made++;
        // A client ID that is a token is shown.
        await assertSettles(credential, harness, assertKind);
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(made > 30, `${made} were made`);
});

const call = fc.record({
  claims: anything,
  enableCae: anything,
  forceRefresh: anything,
  tenantId: fc.oneof(anything, fc.constant("contoso.com")),
  requestOptions: fc.oneof(anything, fc.record({ timeout: anything })),
  tracingOptions: anything,
}, { requiredKeys: [] });

test("a call with any arguments returns a token, or is rejected with a known error", () =>
  fc.assert(
    fc.asyncProperty(fc.oneof(anything, text, fc.constant(SCOPE)), call, async (scopes, given) => {
      const credential = new Harness().credential({ additionallyAllowedTenants: ["*"] });
      await credential.getToken(scopes as string, given as GetTokenOptions).then(
        ({ token }) => assert.match(token, /^secret-/),
        assertNamed,
      );
    }),
    { numRuns: 150 },
  ));

const responses = members({
  access_token: SECRET,
  token_type: "Bearer",
  expires_in: 3600,
  refresh_in: 1,
  error: "invalid_client",
  error_description: `AADSTS700213: it was ${SECRET}\r\nTrace ID: t`,
  error_codes: [700213],
  correlation_id: "c",
});
const headers = fc.dictionary(
  fc.constantFrom("retry-after", "retry-after-ms", "date", "content-length", "content-encoding", "location"),
  fc.oneof(text, fc.integer().map(String)),
);
const claims = members({
  iss: "https://issuer/",
  sub: "system:serviceaccount:shop:web",
  aud: ["a"],
  iat: 1,
  exp: 2,
});

test("any response to any assertion is a token, or an error of one shape", () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(responses.map((value) => JSON.stringify(value)), text),
      fc.constantFrom(200, 200, 204, 301, 400, 401, 429, 500, 503, 999),
      headers,
      claims,
      async (body, status, fields, claims) => {
        const harness = new Harness();
        harness.file = toJwt(claims);
        harness.respond = () => respondWith(status, body, fields);
        const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
        const error = await credential.getToken(SCOPE).then(() => undefined, (reason: unknown) => reason);
        if (error === undefined) return assert.equal(status < 300, true);
        assertNamed(error);
        const { message, stack } = error as Error;
        assert.ok(!inspect(error, { depth: 10 }).includes(harness.file), "it contains the assertion");
        assert.ok(!/[\p{Cc}\p{Zl}\p{Zp}]/u.test(message.replaceAll("\n", "")), inspect(message));
        for (const line of message.split("\n").slice(1)) assert.match(line, LINES, stack);
        JSON.stringify((error as { details?: unknown }).details);
      },
    ),
    { numRuns: 150 },
  ));

test("any token file is sent whole, or is rejected with a known error and not sent", () =>
  fc.assert(fc.asyncProperty(fc.oneof(text, fc.constantFrom(...NAMES, "a.b.c", SECRET)), async (file) => {
    const harness = new Harness();
    harness.file = file;
    await harness.credential().getToken(SCOPE).then(
      () =>
        assert.equal(harness.requests[0]!.form.get("client_assertion"), file.replace(/^\uFEFF/, "").trim()),
      (error) => {
        assertNamed(error);
        assert.equal(harness.requests.length, 0);
      },
    );
  })));

/** Prints as what it does. */
function toFunction(it: HostileFunction): () => unknown {
  return Object.assign(() => perform(it), { [fc.toStringMethod]: () => fc.stringify(it) });
}

function toJwt(claims: Record<string, unknown>): string {
  const [header, , signature] = projectedToken().split(".");
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const payload = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `${header}.${payload.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.${signature}`;
}
