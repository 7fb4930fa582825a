/** The configuration file of `workload-id emulator`. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { decodeJwt } from "jose";
import { CONFIG_SCHEMA } from "../../src/cli/emulator/config/schema.ts";
import { findProblems } from "../../src/testing/json_schema.ts";
import { runChild } from "../support/child.ts";
import { type EmulatorProcess, startEmulator } from "../support/emulator_process.ts";

const TENANT = "11111111-1111-4111-8111-111111111111";
const OTHER_TENANT = "22222222-2222-4222-8222-222222222222";
const APPLICATION = "33333333-3333-4333-8333-333333333333";
const IDENTITY = "44444444-4444-4444-8444-444444444444";
const BLUEPRINT = "55555555-5555-4555-8555-555555555555";
const AGENT = "66666666-6666-4666-8666-666666666666";
const SUBSCRIPTION = "77777777-7777-4777-8777-777777777777";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const CONFIG = {
  $schema: "../schemas/emulator_config.schema.json",
  tenants: [{ tenantId: TENANT, name: "Contoso", domains: ["contoso.example"] }],
  applications: [{
    clientId: APPLICATION,
    name: "orders",
    roles: ["Orders.Read"],
    clientSecrets: [
      { value: "hunter2" },
      { value: "old", expiresAt: "2020-01-31T00:00:00Z" },
    ],
    federatedCredentials: [{ issuer: "https://token.example", subject: "repo:o/r" }],
  }],
  managedIdentities: [{
    clientId: IDENTITY,
    name: "pod",
    federatedCredentials: [{ subject: "system:serviceaccount:shop:checkout" }],
  }],
  blueprints: [{
    clientId: BLUEPRINT,
    federatedCredentials: [{ subject: "system:serviceaccount:shop:checkout" }],
    agents: [{ clientId: AGENT, name: "buyer", tenantId: OTHER_TENANT }],
  }],
  apis: [{ uri: "api://orders", tokenVersion: "2.0", audience: "orders" }],
  subscriptions: [{ subscriptionId: SUBSCRIPTION, displayName: "Test" }],
  projectedToken: { namespace: "shop", serviceAccount: "checkout" },
  workload: "pod",
  tokenLifetimeInMs: 120_000,
  faults: [{ code: 700025, match: { clientId: APPLICATION } }],
};

const folder = await mkdtemp(`${tmpdir()}/emulator-config-`);
after(() => rm(folder, { recursive: true }));

let files = 0;
async function write(config: unknown): Promise<string> {
  const path = `${folder}/${++files}.json`;
  await writeFile(path, typeof config === "string" ? config : JSON.stringify(config));
  return path;
}

async function post(
  { url }: EmulatorProcess,
  tenant: string,
  form: Record<string, string>,
): Promise<Record<string, unknown>> {
  const body = new URLSearchParams({ grant_type: "client_credentials", ...form });
  return await (await fetch(`${url}/${tenant}/oauth2/v2.0/token`, { method: "POST", body })).json();
}

test("an emulator has what its configuration describes", async () => {
  const emulator = await startEmulator(["--config", await write(CONFIG)]);
  const { environment } = emulator;
  assert.equal(environment.AZURE_CLIENT_ID, IDENTITY);
  assert.equal(environment.AZURE_TENANT_ID, TENANT);
  const assertion = {
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await readFile(environment.AZURE_FEDERATED_TOKEN_FILE!, "utf8"),
  };
  const secret = (value: string) => ({ client_id: APPLICATION, client_secret: value });

  const orders = { ...secret("hunter2"), scope: "api://orders/.default" };
  assert.deepEqual((await post(emulator, TENANT, orders)).error_codes, [700025], "the configured fault");
  const granted = await post(emulator, "contoso.example", orders);
  assert.equal(granted.expires_in, 120);
  const claims = decodeJwt(String(granted.access_token));
  assert.deepEqual([claims.aud, claims.roles, claims.ver], ["orders", ["Orders.Read"], "2.0"]);
  const expired = await post(emulator, TENANT, { ...orders, ...secret("old") });
  assert.deepEqual(expired.error_codes, [7000222]);

  const pod = { client_id: IDENTITY, scope: "https://vault.azure.net/.default", ...assertion };
  assert.equal(decodeJwt(String((await post(emulator, TENANT, pod)).access_token)).appid, IDENTITY);
  const exchange = await post(emulator, OTHER_TENANT, {
    client_id: BLUEPRINT,
    scope: "api://AzureADTokenExchange/.default",
    fmi_path: AGENT,
    ...assertion,
  });
  const agent = await post(emulator, OTHER_TENANT, {
    client_id: AGENT,
    scope: "https://vault.azure.net/.default",
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: String(exchange.access_token),
  });
  assert.equal(decodeJwt(String(agent.access_token)).xms_par_app_azp, BLUEPRINT);

  const imds = `${environment.AZURE_POD_IDENTITY_AUTHORITY_HOST}/metadata/identity/oauth2/token`;
  const managed = await fetch(`${imds}?api-version=2018-02-01&resource=https://management.azure.com/`, {
    headers: { metadata: "true" },
  });
  const { access_token: token, client_id: clientId } = await managed.json();
  assert.equal(clientId, IDENTITY);
  const list = (authorization: string) =>
    fetch(`${emulator.url}/subscriptions?api-version=2022-12-01`, { headers: { authorization } });
  const { value } = await (await list(`Bearer ${token}`)).json();
  assert.deepEqual(value[0].subscriptionId, SUBSCRIPTION);
  assert.equal((await list(`Bearer ${granted.access_token}`)).status, 401, "a token for another API");
  assert.equal((await list(`Bearer ${token.slice(0, -4)}AAAA`)).status, 401, "a forged token");
  const [cloud] = await (await fetch(`${emulator.url}/metadata/endpoints?api-version=2022-09-01`)).json();
  assert.equal(cloud.authentication.loginEndpoint, emulator.url);

  const { code, stderr } = await emulator.stop();
  assert.equal(code, 0);
  const lines = stderr.trimEnd().split("\n");
  assert.match(
    stderr,
    new RegExp(
      `^\\S+Z POST token grant=client_credentials client=${APPLICATION} scope=api://orders/\\.default 401 AADSTS700025$`,
      "m",
    ),
  );
  assert.match(stderr, /POST token .+ subject=system:serviceaccount:shop:checkout .+ 200$/m);
  assert.match(stderr, /GET imds scope=https:\/\/management\.azure\.com\/ 200$/m);
  assert.ok(lines.length > 8);
  for (const text of ["hunter2", assertion.client_assertion, String(token)]) {
    assert.ok(!stderr.includes(text));
  }
});

const INVALID: [string, unknown, RegExp[]][] = [
  ["a text that is not JSON", "{", [/is not JSON: /]],
  ["an array", [], [/the document must be an object/]],
  ["a misspelt member", { aplications: [] }, [/aplications is unknown; known are .*applications/]],
  ["a tenant without an id", { tenants: [{}] }, [/tenants\[0\]\.tenantId is missing/]],
  ["an invalid ID", { tenants: [{ tenantId: "contoso" }] }, [/tenants\[0\]\.tenantId must match/]],
  [
    "several problems",
    { applications: [{ roles: "Reader", clientSecrets: [{ value: "" }] }], tokenLifetimeInMs: 1 },
    [
      /applications\[0\]\.roles must be an array/,
      /applications\[0\]\.clientSecrets\[0\]\.value must not be empty/,
      /tokenLifetimeInMs must be at least 1000/,
    ],
  ],
  [
    "an invalid time",
    { applications: [{ clientSecrets: [{ value: "x", expiresAt: "tomorrow" }] }] },
    [/applications\[0\]\.clientSecrets\[0\]\.expiresAt must match/],
  ],
  ["an agent's secret", { blueprints: [{ agents: [{ clientSecrets: [] }] }] }, [
    /agents\[0\]\.clientSecrets is unknown/,
  ]],
  [
    "one id of two identities",
    { applications: [{ clientId: APPLICATION }, { clientId: APPLICATION }] },
    [/applications\[1\]\.clientId is already used/],
  ],
  ["an unknown workload", { workload: "nobody" }, [/workload is unknown: nobody/]],
];

for (const [what, config, reasons] of INVALID) {
  test(`a configuration with ${what} is rejected with its path and reason`, async () => {
    const path = await write(config);
    const { code, stdout, stderr } = await runChild("src/cli/mod.ts", {
      args: ["emulator", "--config", path, "--", "echo", "started"],
    });
    assert.deepEqual([code, stdout], [2, ""]);
    assert.ok(stderr.includes(path), stderr);
    for (const reason of reasons) assert.match(stderr, reason);
  });
}

test("a configuration that does not exist is reported", async () => {
  const { code, stderr } = await runChild("src/cli/mod.ts", {
    args: ["emulator", "--config", "/nowhere.json"],
  });
  assert.equal(code, 2);
  assert.match(stderr, /--config \/nowhere\.json: ENOENT/);
});

test("the check of a configuration agrees with another implementation of JSON Schema", () => {
  const validate = new Ajv2020({ strict: false, logger: false }).compile(CONFIG_SCHEMA);
  assert.ok(validate(CONFIG), JSON.stringify(validate.errors));
  const paths = pathsOf(CONFIG);
  const replacement = fc.oneof(
    fc.constantFrom<unknown>(undefined, "", "x", TENANT, "2030-01-01T00:00:00Z", 0, -1, 1.5, 700213, [], {}, [
      {},
    ]),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...paths), replacement, (path, value) => {
      const changed = replaceAt(CONFIG, path, value);
      assert.equal(findProblems(changed, CONFIG_SCHEMA).length === 0, validate(changed), path.join("."));
    }),
    { numRuns: 2000 },
  );
});

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]));
  return [path, [...path, "unknown"], ...below];
}

/** A copy with another value at a path; undefined removes the member. */
function replaceAt(value: unknown, [name, ...rest]: string[], replacement: unknown): unknown {
  if (name === undefined) return replacement ?? {};
  const copy: Record<string, unknown> = structuredClone(value) as Record<string, unknown>;
  const changed = rest.length === 0 ? replacement : replaceAt(copy[name], rest, replacement);
  if (changed === undefined && !Array.isArray(copy)) delete copy[name];
  else copy[name] = changed ?? {};
  return copy;
}
