/** Sources of the assertion, against services that behave as their documentation says. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { sleep } from "../../src/core/clock.ts";
import {
  type AssertionSource,
  azurePipelines,
  file,
  githubActions,
  googleMetadata,
} from "../../src/assertions/mod.ts";
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { detectRuntime } from "../../src/runtime/detect.ts";
import { ClusterIssuer, EntraEmulator } from "../../src/testing/mod.ts";
import { type SeenRequest, serve, type Service } from "../support/http_service.ts";
import { createWorkload } from "./workload.ts";

const AUDIENCE = "api://AzureADTokenExchange";
const SECRET = "the-job-s-own-token";
const CONNECTION = "99999999-8888-7777-6666-555555555555";

interface Source {
  readonly name: string;
  /** As a user writes it. */
  readonly create: () => AssertionSource;
  readonly issuer: string;
  readonly subject: string;
  readonly variables: (service: Service) => Record<string, string>;
  /** Checks a request against the documentation; returns the requested audience. */
  readonly check: (request: SeenRequest) => string | null;
  readonly body: (assertion: string) => string;
  readonly headers?: Record<string, string>;
}

const SOURCES: Source[] = [{
  name: "githubActions",
  create: () => githubActions(),
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:octo-org/octo-repo:environment:prod",
  variables: ({ url }) => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token/run?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET,
  }),
  check({ method, url, headers }) {
    assert.equal(method, "GET");
    assert.equal(url.pathname, "/token/run");
    assert.equal(url.searchParams.get("api-version"), "2.0");
    assert.equal(headers.authorization, `Bearer ${SECRET}`);
    assert.equal(headers.accept, "application/json");
    return url.searchParams.get("audience");
  },
  body: (value) => JSON.stringify({ count: 1, value }),
}, {
  name: "azurePipelines",
  create: () => azurePipelines({ serviceConnectionId: CONNECTION }),
  issuer: "https://vstoken.dev.azure.com/0d4a5c5e-0000-0000-0000-6f1a4bb0a5c1",
  subject: "sc://organisation/project/connection",
  variables: ({ url }) => ({
    SYSTEM_OIDCREQUESTURI: `${url}/org/project/_apis/distributedtask/hubs/build/plans/p/jobs/j/oidctoken`,
    SYSTEM_ACCESSTOKEN: SECRET,
  }),
  check({ method, url, headers, body }) {
    assert.equal(method, "POST");
    assert.equal(body, "");
    assert.match(url.pathname, /\/oidctoken$/);
    assert.equal(url.searchParams.get("api-version"), "7.1");
    assert.equal(url.searchParams.get("serviceConnectionId"), CONNECTION);
    assert.equal(headers.authorization, `Bearer ${SECRET}`);
    assert.equal(headers["x-tfs-fedauthredirect"], "Suppress");
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers.accept, "application/json");
    return AUDIENCE;
  },
  body: (oidcToken) => JSON.stringify({ oidcToken }),
}, {
  name: "googleMetadata",
  create: () => googleMetadata(),
  issuer: "https://accounts.google.com",
  subject: "107517467455664443765",
  variables: ({ host }) => ({ GCE_METADATA_HOST: host }),
  check({ method, url, headers }) {
    assert.equal(method, "GET");
    assert.equal(url.pathname, "/computeMetadata/v1/instance/service-accounts/default/identity");
    assert.equal(headers["metadata-flavor"], "Google");
    assert.equal(headers.authorization, undefined);
    return url.searchParams.get("audience");
  },
  body: (assertion) => `${assertion}\n`,
  headers: { "metadata-flavor": "Google" },
}];

/** The error of a source. */
async function failureOf(t: TestContext, source: Source, handler: Parameters<typeof serve>[1]) {
  const service = await serve(t, handler);
  const { context, waits } = createWorkload(source.variables(service));
  let error: Error & { code?: string } = new Error("it was expected to fail");
  await source.create()(context).catch((reason) => error = reason);
  assert.equal(error.name, "CredentialUnavailableError", error.message);
  assert.equal(error.code, "assertion_callback_failed");
  assert.ok(!`${error.stack}${JSON.stringify(error)}${error.cause}`.includes(SECRET), "the secret appears");
  return { message: error.message, waits, requests: service.seen.length };
}

for (const source of SOURCES) {
  const { name, create, variables, check, body, headers } = source;

  describe(name, () => {
    it("returns assertions that Entra accepts, a new one for each exchange", async (t) => {
      const issuer = await ClusterIssuer.create({ issuer: source.issuer });
      const emulator = new EntraEmulator({ fetch: issuer.fetch });
      const { issuer: url, subject } = source;
      const { tenantId, clientId } = emulator.addApplication({
        federatedCredentials: [{ issuer: url, subject }],
      });
      const service = await serve(t, async (request, response) => {
        const audience = check(request)!;
        response.writeHead(200, headers).end(body(await issuer.mint({ subject, audience })));
      });
      const { env } = createWorkload(variables(service)).context;
      const options = { tenantId, clientId, getAssertion: create(), fetch: emulator.fetch };
      const credential = new WorkloadIdentityCredential(options, { ...detectRuntime(), env });
      await credential.getToken("https://vault.azure.net/.default");
      await credential.getToken("https://storage.azure.com/.default");
      assert.equal(service.seen.length, 2);
      assert.deepEqual(emulator.requests.map(({ status }) => status), [200, 200]);
    });

    it("retries transient failures, three attempts in all, and then reports the last one", async (t) => {
      const statuses = [503, 429, 200];
      const service = await serve(t, (_, response) => {
        response.writeHead(statuses.shift()!, headers).end(body("a.b.c"));
      });
      const { context, waits } = createWorkload(variables(service));
      assert.equal((await create()(context)).trim(), "a.b.c");
      assert.deepEqual([waits, service.seen.length], [[500, 1500], 3]);

      const failed = await failureOf(t, source, (_, response) => void response.writeHead(500).end());
      assert.match(failed.message, /responded with status 500\./);
      assert.deepEqual([failed.waits, failed.requests], [[500, 1500], 3]);
      const broken = await failureOf(t, source, (_, response) => void response.destroy());
      assert.match(broken.message, /Cannot connect to 127\.0\.0\.1:\d+: /);
      assert.deepEqual(broken.waits, [500, 1500]);
    });

    it("reports what to check when it is rejected, without a retry and without the response's text", async (t) => {
      for (const status of [400, 401, 403, 404]) {
        const { message, requests } = await failureOf(t, source, ({ headers }, response) => {
          response.writeHead(status).end(`no: ${headers.authorization}`);
        });
        assert.match(message, new RegExp(`responded with status ${status}\\. .+[.?]$`));
        assert.equal(requests, 1);
      }
    });

    it("follows no redirect", async (t) => {
      const elsewhere = await serve(
        t,
        (_, response) => void response.writeHead(200, headers).end(body("a.b.c")),
      );
      const { message } = await failureOf(t, source, (_, response) => {
        response.writeHead(302, { location: elsewhere.url }).end();
      });
      assert.match(message, /status 302/);
      assert.equal(elsewhere.seen.length, 0);
    });

    it("ends with its deadline, also while it waits before a retry", async (t) => {
      for (const phase of ["request", "wait"]) {
        let arrive = () => {};
        const arrived = new Promise<void>((resolve) => arrive = resolve);
        const service = await serve(t, (_, response) => {
          arrive();
          if (phase === "wait") response.writeHead(503).end();
        });
        const { context, controller } = createWorkload(variables(service));
        const clock = { now: () => 0, setTimeout: () => 0, clearTimeout: () => {} };
        const given = create()({
          ...context,
          sleep: (delayInMs: number) => sleep(clock, delayInMs, controller.signal),
        });
        await arrived;
        setTimeout(() => controller.abort(new Error("the deadline")), 50);
        await assert.rejects(given, /the deadline/);
      }
    });
  });
}

describe("a source whose variables are missing or wrong", () => {
  const CASES: [AssertionSource, Record<string, string>, RegExp][] = [
    [githubActions(), {}, /^ACTIONS_ID_TOKEN_REQUEST_URL is not set\. .+id-token: write/],
    [
      githubActions(),
      { ACTIONS_ID_TOKEN_REQUEST_URL: "https://example.com" },
      /^ACTIONS_ID_TOKEN_REQUEST_TOKEN is not set\. .+id-token: write/,
    ],
    [azurePipelines({ serviceConnectionId: CONNECTION }), {}, /^SYSTEM_OIDCREQUESTURI is not set\. /],
    [
      azurePipelines({ serviceConnectionId: CONNECTION }),
      { SYSTEM_OIDCREQUESTURI: "https://example.com", SYSTEM_ACCESSTOKEN: " " },
      /^SYSTEM_ACCESSTOKEN is not set\. .+\$\(System\.AccessToken\)/,
    ],
    ...["http://example.com/", "https://user:word@example.com/", "example.com", "file:///etc/passwd"].map(
      (url): [AssertionSource, Record<string, string>, RegExp] => [
        githubActions(),
        { ACTIONS_ID_TOKEN_REQUEST_URL: url },
        /^ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL, or an http URL of a loopback address\.$/,
      ],
    ),
    ...["user@host", "host/path", "host:port", "host?query", "host:99999", "999.1.1.1", "[1]"].map(
      (host): [AssertionSource, Record<string, string>, RegExp] => [
        googleMetadata(),
        { GCE_METADATA_HOST: host },
        /^GCE_METADATA_HOST is not a host, or a host and a port\.$/,
      ],
    ),
  ];

  for (const [source, variables, message] of CASES) {
    it(`reports it: ${message.source}, with ${JSON.stringify(variables)}`, async () => {
      const { context } = createWorkload(variables);
      const fetch = () => assert.fail("it was sent");
      await assert.rejects(source({ ...context, fetch }), { code: "assertion_callback_failed", message });
    });
  }

  it("names Deno's permission on Deno", async () => {
    const { context } = createWorkload({});
    const on = (runtimeName: string) => githubActions()({ ...context, runtimeName });
    await assert.rejects(on("deno"), /--allow-env=ACTIONS_ID_TOKEN_REQUEST_URL\.$/);
    await assert.rejects(on("node"), (error: Error) => !error.message.includes("Deno"));
  });

  it("throws a TypeError if an option is missing", () => {
    assert.throws(() => azurePipelines({ serviceConnectionId: " " }), TypeError);
    assert.throws(() => file(""), TypeError);
  });
});

describe("a response that is not the service's", () => {
  it("is rejected if it contains no token", async (t) => {
    const [github, azure] = SOURCES;
    for (const text of ["", "<html>", "[]", "null", '{"value":1}', '{"value":""}']) {
      const { message } = await failureOf(t, github!, (_, response) => void response.end(text));
      assert.equal(message, 'GitHub Actions returned a response without "value".');
    }
    const { message } = await failureOf(t, azure!, (_, response) => void response.end("{}"));
    assert.equal(message, 'Azure Pipelines returned a response without "oidcToken".');
  });

  it("is rejected if it is not from Google's metadata server", async (t) => {
    const { message } = await failureOf(t, SOURCES[2]!, (_, response) => void response.end("a.b.c"));
    assert.match(message, /is not Google's metadata server/);
  });
});
