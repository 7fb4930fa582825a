/** The control API, and who may use it. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { request as send } from "node:http";
import { after, before, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { decodeJwt } from "jose";
import { type ServedCluster, type ServedClusterOptions, serveTestCluster } from "../../src/testing/mod.ts";

const SCOPE = "https://vault.azure.net/.default";
const TOKEN = "0123456789abcdef";
const JSON_TYPE = { "content-type": "application/json" };

interface ControlResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** The description of the API, with which every response is compared. */
const openapi = JSON.parse(
  await readFile(new URL("../../schemas/emulator_control.openapi.json", import.meta.url), "utf8"),
);
const ajv = new Ajv2020({ strict: false, formats: { "date-time": true } });

let cluster: ServedCluster;
before(async () => {
  cluster = await serveTestCluster({ control: {} });
});
after(() => cluster.close());

/** Sends a request as any program can; unlike `fetch`, it can set every header. */
function call(
  method: string,
  path: string,
  { url = cluster.url, body = "", ...headers }: { url?: string; body?: string } & Record<string, string> = {},
): Promise<ControlResponse> {
  const length = { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const options = { method, agent: false, headers: { ...length, ...headers } };
    const request = send(`${url}/_emulator${path}`, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => text += chunk);
      response.on("end", () => {
        const received = {
          status: response.statusCode!,
          headers: response.headers,
          body: text === "" ? undefined : JSON.parse(text),
        };
        compareWithDescription(method, path, received);
        resolve(received);
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function post(path: string, body: unknown, options: Record<string, string> = {}): Promise<ControlResponse> {
  return call("POST", path, { ...JSON_TYPE, ...options, body: JSON.stringify(body) });
}

function compareWithDescription(method: string, path: string, { status, body }: ControlResponse): void {
  const operation = openapi.paths[path.replace(/\?.*/, "")]?.[method.toLowerCase()];
  if (!operation) {
    return assert.ok(status === 404 || status === 405 || status === 403, `${status} for ${path}`);
  }
  const schema = operation.responses[status]?.content["application/json"].schema;
  assert.ok(schema, `${method} ${path} does not describe status ${status}`);
  const validate = ajv.compile(schema);
  assert.ok(validate(body), `${method} ${path}: ${JSON.stringify(validate.errors)}`);
}

/** Requests a token as a workload does; returns its status and AADSTS code. */
async function getToken({ environment }: ServedCluster = cluster): Promise<[number, number | undefined]> {
  const { AZURE_AUTHORITY_HOST, AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE } = environment;
  const response = await fetch(`${AZURE_AUTHORITY_HOST}${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: AZURE_CLIENT_ID!,
      scope: SCOPE,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await readFile(AZURE_FEDERATED_TOKEN_FILE!, "utf8"),
    }),
  });
  const { error_codes: codes } = await response.json();
  return [response.status, codes?.[0]];
}

async function withCluster(
  options: ServedClusterOptions,
  use: (served: ServedCluster) => Promise<void>,
): Promise<void> {
  const served = await serveTestCluster(options);
  try {
    await use(served);
  } finally {
    await served.close();
  }
}

test("healthz is open to programs", async () => {
  const { status, body, headers } = await call("GET", "/healthz");
  assert.deepEqual([status, body], [200, { status: "ok" }]);
  assert.equal(headers["access-control-allow-origin"], undefined);
  assert.equal(headers["cache-control"], "no-store");
});

test("faults are planned, applied and removed", async () => {
  const planned = await post("/faults", { faults: [{ code: 700213 }, { status: 503, times: "always" }] });
  assert.deepEqual(planned.body.faults, [{ code: 700213, times: 1 }, { status: 503, times: "always" }]);
  assert.deepEqual(await getToken(), [401, 700213]);
  assert.deepEqual(await getToken(), [503, 90033]);
  assert.deepEqual((await post("/faults", { faults: [] })).body, { faults: [] });
  assert.deepEqual(await getToken(), [200, undefined]);
});

test("a fault affects only the requests that it matches", async () => {
  const { clientId } = cluster.application;
  await post("/faults", {
    faults: [
      { code: 53003, times: "always", match: { clientId: "another" } },
      { code: 700025, match: { clientId: clientId.toUpperCase(), endpoint: "imds" } },
      { code: 90055, match: { subject: "system:serviceaccount:default:workload", scope: SCOPE } },
    ],
  });
  assert.deepEqual(await getToken(), [429, 90055]);
  assert.deepEqual(await getToken(), [200, undefined]);
  await post("/faults", { faults: [] });
});

test("requests are listed, newest first, filtered, without a secret, and cleared", async () => {
  await call("DELETE", "/requests", JSON_TYPE);
  await getToken();
  await fetch(`${cluster.url}/nothing?limit=1`, { headers: { authorization: "Bearer hunter2" } });
  await fetch(cluster.managedIdentity.appService.IDENTITY_ENDPOINT!, {
    headers: { "x-identity-header": cluster.managedIdentity.appService.IDENTITY_HEADER! },
  });
  const { body } = await call("GET", "/requests");
  const endpoints = body.requests.map(({ endpoint }: { endpoint: string }) => endpoint);
  assert.deepEqual(endpoints, ["app-service", "other", "token"]);
  const [, , token] = body.requests;
  assert.equal(token.claims.sub, "system:serviceaccount:default:workload");
  assert.equal(token.status, 200);
  const shown = JSON.stringify(body);
  const assertion = await readFile(cluster.environment.AZURE_FEDERATED_TOKEN_FILE!, "utf8");
  const { IDENTITY_HEADER } = cluster.managedIdentity.appService;
  for (const secret of ["hunter2", assertion, assertion.split(".")[2]!, IDENTITY_HEADER!]) {
    assert.ok(!shown.includes(secret));
  }
  const count = async (query: string) => (await call("GET", `/requests?${query}`)).body.requests.length;
  assert.equal(await count("endpoint=token"), 1);
  assert.equal(await count(`clientId=${cluster.application.clientId}&status=200`), 1);
  assert.equal(await count("errorCode=700213"), 0);
  assert.equal(await count("limit=2"), 2);
  for (const query of ["limit=many", "limit=1001", "password=x", "constructor=x"]) {
    assert.equal((await call("GET", `/requests?${query}`)).status, 400, query);
  }
  assert.deepEqual((await call("DELETE", "/requests", JSON_TYPE)).body, { requests: [] });
  assert.deepEqual((await call("GET", "/requests")).body, { requests: [] });
});

test("keys and token are rotated: an assertion of a dropped key is rejected until the next token", async () => {
  assert.deepEqual(await getToken(), [200, undefined]);
  await post("/rotate", { what: "cluster-keys", keepOld: false });
  assert.deepEqual(await getToken(), [401, 7000272]);
  await post("/rotate", { what: "token" });
  assert.deepEqual(await getToken(), [200, undefined]);
  const old = await readFile(cluster.environment.AZURE_FEDERATED_TOKEN_FILE!, "utf8");
  await post("/rotate", { what: "cluster-keys" });
  assert.deepEqual(await getToken(), [200, undefined], "the old key is still published");
  await post("/rotate", { what: "token" });
  const fresh = await readFile(cluster.environment.AZURE_FEDERATED_TOKEN_FILE!, "utf8");
  assert.notEqual(decodeJwt(old).jti, decodeJwt(fresh).jti);

  const keys = async () => (await (await fetch(`${cluster.url}/t/discovery/v2.0/keys`)).json()).keys;
  const before = await keys();
  assert.deepEqual((await post("/rotate", { what: "entra-keys", keepOld: false })).body, {
    rotated: "entra-keys",
  });
  assert.notDeepEqual(await keys(), before);
});

test("Entra's clock moves, and an assertion is outside its time until it is reset", async () => {
  const { body } = await post("/clock", { offsetInMs: 7_200_000 });
  assert.equal(body.offsetInMs, 7_200_000);
  assert.ok(Math.abs(Date.parse(body.now) - Date.now() - 7_200_000) < 60_000);
  assert.deepEqual(await getToken(), [401, 700024]);
  await post("/clock", { offsetInMs: 0 });
  assert.deepEqual(await getToken(), [200, undefined]);
});

test("invalid bodies are rejected with the path and the reason, and change nothing", async () => {
  const cases: [string, unknown, RegExp][] = [
    ["/faults", { faults: [{ status: 99 }] }, /faults\[0\]\.status must be at least 200/],
    ["/faults", { faults: [{ cod: 1 }] }, /faults\[0\]\.cod is unknown; known are delayInMs, code/],
    ["/faults", { faults: [{ code: 50049, times: 0 }] }, /faults\[0\]\.times must be an integer or "always"/],
    ["/faults", {}, /faults is missing/],
    ["/rotate", { what: "everything" }, /what must be "token" or "cluster-keys" or "entra-keys"/],
    ["/clock", { offsetInMs: "1h" }, /offsetInMs must be an integer/],
    ["/clock", [], /the document must be an object/],
  ];
  for (const [path, body, reason] of cases) {
    const { status, body: response } = await post(path, body);
    assert.equal(status, 400);
    assert.match(response.error, reason);
  }
  assert.equal((await call("POST", "/clock", { ...JSON_TYPE, body: "{" })).status, 400);
  assert.deepEqual(await getToken(), [200, undefined]);
});

const FOREIGN: [string, Record<string, string>][] = [
  ["a page of another site", { origin: "https://evil.example" }],
  ["a page of this very server", { origin: "http://127.0.0.1:8400" }],
  ["a page without an origin", { origin: "null" }],
  ["an image or a link of a page", { "sec-fetch-site": "cross-site" }],
  ["a page of the same site", { "sec-fetch-site": "same-origin" }],
  ["a name that points to loopback (DNS rebinding)", { host: "evil.example" }],
  ["such a name with a port", { host: "evil.example:8400" }],
  ["a name that starts like loopback", { host: "127.0.0.1.evil.example" }],
  ["a name that ends like loopback", { host: "evil-localhost" }],
  ["another address", { host: "10.0.0.1" }],
  ["a malformed host", { host: "a b" }],
];
for (const [what, headers] of FOREIGN) {
  test(`every route rejects a request of ${what}`, async () => {
    for (const route of ["/healthz", "/requests"]) {
      assert.equal((await call("GET", route, headers)).status, 403);
    }
    assert.equal((await call("DELETE", "/requests", { ...JSON_TYPE, ...headers })).status, 403);
    for (const route of ["/faults", "/rotate", "/clock"]) {
      assert.equal((await post(route, {}, headers)).status, 403);
    }
  });
}

test("an address typed into a browser, localhost and IPv6 are accepted", async () => {
  for (const headers of [{ "sec-fetch-site": "none" }, { host: "localhost:8400" }, { host: "[::1]:1" }]) {
    assert.equal((await call("GET", "/healthz", headers as Record<string, string>)).status, 200);
  }
});

test("a host that is allowed is accepted, and no other", async () => {
  await withCluster({ control: { allowedHosts: ["Entra.test"] } }, async ({ url }) => {
    assert.equal((await call("GET", "/requests", { url, host: "entra.test:8400" })).status, 200);
    assert.equal((await call("GET", "/requests", { url, host: "sub.entra.test" })).status, 403);
  });
});

test("writes need JSON, and at most 64 KiB", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
    assert.equal((await post("/faults", { faults: [] }, { "content-type": type })).status, 415);
  }
  assert.equal((await call("DELETE", "/requests")).status, 415);
  const body = (size: number) => `{"faults":[]${" ".repeat(size - 13)}}`;
  assert.equal((await call("POST", "/faults", { ...JSON_TYPE, body: body(65_536) })).status, 200);
  assert.equal((await call("POST", "/faults", { ...JSON_TYPE, body: body(65_537) })).status, 413);
});

test("unknown routes and methods are rejected", async () => {
  for (const path of ["/", "/nothing", "/constructor", "/healthz/", "/faults/1"]) {
    assert.equal((await call("GET", path)).status, 404, path);
  }
  const { status, headers } = await call("PUT", "/faults", { ...JSON_TYPE, body: "{}" });
  assert.deepEqual([status, headers.allow], [405, "POST"]);
  assert.equal((await call("OPTIONS", "/faults")).status, 405);
});

test("if a token is required, every route except healthz needs it", async () => {
  await withCluster({ control: { token: TOKEN } }, async ({ url }) => {
    assert.equal((await call("GET", "/healthz", { url })).status, 200);
    for (const authorization of ["", "Bearer", `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
      assert.equal((await call("GET", "/requests", { url, authorization })).status, 404);
    }
    assert.equal((await call("GET", "/requests", { url, authorization: `Bearer ${TOKEN}` })).status, 200);
  });
});

test("on addresses other than loopback, only healthz works without a token", async () => {
  const hostname = "0.0.0.0";
  await withCluster({ hostname, control: {} }, async (served) => {
    const { url } = served;
    assert.match(url, /^http:\/\/127\.0\.0\.1:/);
    assert.equal((await call("GET", "/healthz", { url })).status, 200);
    assert.equal((await call("GET", "/requests", { url, authorization: "Bearer " })).status, 404);
    assert.equal((await post("/faults", { faults: [] }, { url })).status, 404);
    assert.deepEqual(await getToken(served), [200, undefined]);
  });
  await withCluster({ hostname, control: { token: TOKEN } }, async ({ url }) => {
    assert.equal((await call("GET", "/requests", { url })).status, 404);
    assert.equal((await call("GET", "/requests", { url, authorization: `Bearer ${TOKEN}` })).status, 200);
  });
});

test("without the option there is no control API", async () => {
  await withCluster({}, async ({ url }) => {
    assert.equal((await fetch(`${url}/_emulator/healthz`)).status, 404);
  });
});

test("a body larger than 1 MiB is rejected at every endpoint", async () => {
  for (const path of ["/t/oauth2/v2.0/token", "/_emulator/faults", "/nothing"]) {
    const response = await fetch(`${cluster.url}${path}`, { method: "POST", body: "x".repeat(1_048_577) });
    assert.equal(response.status, 413, path);
    await response.text();
  }
  const body = "x".repeat(1_048_576);
  const largest = await fetch(`${cluster.url}/t/oauth2/v2.0/token`, { method: "POST", body });
  assert.equal(largest.status, 400);
});
