/** Agent identities: every promise of a credential holds for the chain of two token requests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { agentIdentity } from "../../src/assertions/agent_identity.ts";
import { fromCredential } from "../../src/assertions/from_credential.ts";
import type {
  FetchResponse,
  WorkloadIdentityCredential,
  WorkloadIdentityCredentialOptions,
} from "../../src/core/mod.ts";
import {
  entraError,
  granted,
  Harness,
  HOUR,
  projectedToken,
  rejection,
  respondWith,
  SCOPE,
  type SeenRequest,
  watch,
} from "../support/harness.ts";

const EXCHANGE_SCOPE = "api://AzureADTokenExchange/.default";
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
const agentId = (number: number) => `99999999-0000-0000-0000-${String(number).padStart(12, "0")}`;

let exchangeTokens = 0;

/** A response with an exchange token, which must look like a JWT. */
function grantExchangeToken(fields: Record<string, unknown> = {}): FetchResponse {
  const token = projectedToken({ sub: `agent-${++exchangeTokens}` });
  return granted({ access_token: token, expires_in: 3900, ...fields });
}

interface Chain {
  readonly harness: Harness;
  readonly blueprint: WorkloadIdentityCredential;
  agent(number?: number, options?: WorkloadIdentityCredentialOptions): WorkloadIdentityCredential;
  hop1(): SeenRequest[];
  hop2(): SeenRequest[];
}

type Respond = (request: SeenRequest, index: number) => FetchResponse | Promise<FetchResponse>;

function createChain(
  hop1: Respond = () => grantExchangeToken(),
  hop2: Respond = () => granted(),
  options: WorkloadIdentityCredentialOptions = {},
): Chain {
  const harness = new Harness();
  const isHop1 = ({ form }: SeenRequest) => form.has("fmi_path");
  const requests = (isWanted: (request: SeenRequest) => boolean) => harness.requests.filter(isWanted);
  harness.respond = (request) => {
    const [respond, number] = isHop1(request)
      ? [hop1, requests(isHop1).length - 1]
      : [hop2, requests((one) => !isHop1(one)).length - 1];
    return respond(request, number);
  };
  const blueprint = harness.credential(options);
  const getAssertion = agentIdentity(blueprint);
  return {
    harness,
    blueprint,
    agent: (number = 1, own = {}) =>
      harness.credential({ clientId: agentId(number), getAssertion, ...options, ...own }),
    hop1: () => requests(isHop1),
    hop2: () => requests((one) => !isHop1(one)),
  };
}

test("an agent's first token takes two requests, with the parameters of both hops, and later calls send none", async () => {
  const { harness, agent, hop1, hop2 } = createChain();
  const credential = agent();
  const token = await credential.getToken(SCOPE);
  assert.equal(await credential.getToken(SCOPE), token);
  assert.equal(harness.requests.length, 2);
  const [first, second] = [hop1()[0]!.form, hop2()[0]!.form];
  assert.equal(first.get("client_id"), harness.env.AZURE_CLIENT_ID);
  assert.equal(first.get("scope"), EXCHANGE_SCOPE);
  assert.equal(first.get("fmi_path"), agentId(1));
  assert.equal(first.get("client_assertion"), harness.file);
  assert.equal(second.get("client_id"), agentId(1));
  assert.equal(second.get("scope"), SCOPE);
  assert.equal(second.get("fmi_path"), null);
  assert.match(second.get("client_assertion")!, /^eyJ/);
  assert.notEqual(second.get("client_assertion"), harness.file);
});

for (
  const [authority, scope] of [
    ["https://login.microsoftonline.us", "api://AzureADTokenExchangeUSGov/.default"],
    ["https://login.partner.microsoftonline.cn", "api://AzureADTokenExchangeChina/.default"],
    ["https://login.sovcloud-identity.fr", "api://AzureADTokenExchangeFrance/.default"],
    ["https://login.sovcloud-identity.de", "api://AzureADTokenExchangeGermany/.default"],
    ["https://login.example", EXCHANGE_SCOPE],
  ] as const
) {
  test(`at ${authority} the exchange token is requested for ${scope}`, async () => {
    const { agent, hop1 } = createChain(undefined, undefined, { authorityHost: authority });
    await agent().getToken(SCOPE);
    assert.equal(hop1()[0]!.form.get("scope"), scope);
  });
}

test("100 callers of one agent cause two requests", async () => {
  const { harness, agent } = createChain();
  const credential = agent();
  const tokens = await Promise.all(Array.from({ length: 100 }, () => credential.getToken(SCOPE)));
  assert.equal(new Set(tokens).size, 1);
  assert.equal(harness.requests.length, 2);
});

test("two callers each of 100 agents cause 200 requests, and each agent gets its own tokens", async () => {
  const { harness, agent, hop1 } = createChain();
  const agents = Array.from({ length: 100 }, (_, number) => agent(number));
  const tokens = await Promise.all(agents.flatMap((one) => [one.getToken(SCOPE), one.getToken(SCOPE)]));
  assert.equal(harness.requests.length, 200);
  assert.equal(new Set(tokens).size, 100);
  assert.equal(new Set(hop1().map(({ form }) => form.get("fmi_path"))).size, 100);
});

test("paths that differ only in case are cached apart", async () => {
  const { blueprint, harness } = createChain();
  const lower = await blueprint.getToken(EXCHANGE_SCOPE, { fmiPath: "agent" });
  const upper = await blueprint.getToken(EXCHANGE_SCOPE, { fmiPath: "AGENT" });
  assert.notEqual(lower, upper);
  assert.equal(await blueprint.getToken(EXCHANGE_SCOPE, { fmiPath: "agent" }), lower);
  assert.equal(harness.requests.length, 2);
});

for (const fmiPath of ["", " ", "\t\n", 1, null, {}, ["a"]]) {
  test(`fmiPath ${JSON.stringify(fmiPath)} is a TypeError before anything is sent`, async () => {
    const { blueprint, harness } = createChain();
    const call = blueprint.getToken(EXCHANGE_SCOPE, { fmiPath: fmiPath as string });
    await assert.rejects(call, { name: "TypeError", message: /^fmiPath must / });
    assert.equal(harness.requests.length, 0);
  });
}

for (const hop of [1, 2]) {
  test(`a caller's abort ends hop ${hop}`, async () => {
    const hang = () => new Promise<never>(() => {});
    const { harness, agent } = hop === 1 ? createChain(hang) : createChain(undefined, hang);
    const controller = new AbortController();
    const call = watch(agent().getToken(SCOPE, { abortSignal: controller.signal }));
    while (harness.requests.length < hop) await turn();
    controller.abort();
    await turn();
    assert.equal(call.error.name, "AbortError");
    assert.ok(harness.requests.at(-1)!.init.signal!.aborted);
  });
}

for (
  const [hop, what, respond] of [
    [1, "hangs", () => new Promise<never>(() => {})],
    [1, "fails", () => respondWith(503, "")],
    [2, "hangs", () => new Promise<never>(() => {})],
  ] as const
) {
  test(`the last caller's timeout ends hop ${hop}, which ${what}: nothing is sent afterwards`, async () => {
    const { harness, agent } = hop === 1 ? createChain(respond) : createChain(undefined, respond);
    const credential = agent();
    const [first, last] = [500, 600].map((timeout) =>
      watch(credential.getToken(SCOPE, { requestOptions: { timeout } }))
    );
    while (harness.requests.length < hop) await turn();
    await harness.clock.advance(500);
    assert.equal(first!.error.code, "timeout");
    assert.equal(last!.state, "pending");
    await harness.clock.advance(100);
    await turn();
    assert.equal(last!.error.code, "timeout");
    const { length } = harness.requests;
    await harness.clock.advance(120_000);
    await turn();
    assert.equal(harness.requests.length, length);
  });
}

test("an attempt of hop 2 that is in flight at the last caller's timeout may finish and fill the cache", async () => {
  let open = () => {};
  const { harness, agent } = createChain(
    undefined,
    () => new Promise((resolve) => open = () => resolve(granted())),
  );
  const credential = agent();
  const hurried = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 500 } }));
  while (harness.requests.length < 2) await turn();
  await harness.clock.advance(500);
  assert.equal(hurried.error.code, "timeout");
  open();
  await turn();
  await credential.getToken(SCOPE);
  assert.equal(harness.requests.length, 2);
});

test("a caller's timeout does not end hop 1 for another agent's caller", async () => {
  const gates: (() => void)[] = [];
  const { harness, blueprint, agent } = createChain(() =>
    new Promise((resolve) => gates.push(() => resolve(grantExchangeToken())))
  );
  const hurried = watch(agent().getToken(SCOPE, { requestOptions: { timeout: 500 } }));
  const patient = watch(blueprint.getToken(EXCHANGE_SCOPE, { fmiPath: agentId(1) }));
  await turn();
  await harness.clock.advance(500);
  assert.equal(hurried.error.code, "timeout");
  assert.equal(harness.requests.length, 1);
  gates[0]!();
  await turn();
  assert.equal(patient.state, "given");
  assert.equal(harness.requests.length, 1);
});

test("a valid token is served while the blueprint fails, and the refresh of both hops runs in the background", async () => {
  const { harness, agent, hop1, hop2 } = createChain(
    (_, number) => number === 1 ? entraError(700213) : grantExchangeToken({ expires_in: 600 }),
    undefined,
    { retryOptions: { maxRetries: 0 } },
  );
  const credential = agent();
  const token = await credential.getToken(SCOPE);
  await harness.clock.advance(token.refreshAfterTimestamp! - harness.clock.now());
  assert.equal(await credential.getToken(SCOPE), token);
  await turn();
  assert.deepEqual([hop1().length, hop2().length], [2, 1]);
  assert.equal(await credential.getToken(SCOPE), token);
  await harness.clock.advance(30_000);
  assert.equal(await credential.getToken(SCOPE), token);
  await turn();
  await turn();
  assert.deepEqual([hop1().length, hop2().length], [3, 2]);
  assert.notEqual(await credential.getToken(SCOPE), token);
});

test("an error of hop 1 names that hop, and has its code and its diagnosis", async () => {
  const { harness, agent } = createChain(() => entraError(700213), undefined, {
    retryOptions: { maxRetries: 0 },
  });
  const error = await rejection(agent().getToken(SCOPE));
  assert.equal(error.code, "entra_rejected");
  assert.match(
    error.message,
    new RegExp(
      `^The token request for the assertion failed \\(client ${harness.env.AZURE_CLIENT_ID}\\): .+AADSTS700213`,
    ),
  );
  assert.equal(error.details.clientId, agentId(1));
  assert.deepEqual(error.details.errorCodes, [700213]);
  assert.equal(error.details.statusCode, 401);
  assert.equal(error.details.diagnosis.name, "AADSTS700213");
  assert.deepEqual(error.details.diagnosis.commands, []);
  assert.match(error.details.diagnosis.notes.join(), /is an agent identity blueprint.+docs\/agents\.md\.$/);
  assert.equal(error.details.assertion.sub, "system:serviceaccount:shop:checkout");
  assert.match(error.message, /\n\s+Cause: .+\n\s+Fix: /);
  assert.equal(error.cause.name, "CredentialUnavailableError");
  assert.equal(error.cause.details.clientId, harness.env.AZURE_CLIENT_ID);
});

test("an error of hop 2 is the agent's own", async () => {
  const { agent } = createChain(undefined, () => entraError(500011), { retryOptions: { maxRetries: 0 } });
  const error = await rejection(agent().getToken(SCOPE));
  assert.doesNotMatch(error.message, /token request for the assertion/);
  assert.equal(error.details.diagnosis.name, "AADSTS500011");
  assert.match(error.details.assertion.sub, /^agent-/);
});

test("hop 1 is retried by its own rules: 503, 503 and a token are four requests in all", async () => {
  const { harness, agent } = createChain((_, number) =>
    number < 2 ? respondWith(503, "") : grantExchangeToken()
  );
  const call = watch(agent().getToken(SCOPE));
  await turn();
  await harness.clock.advance(20_000);
  await turn();
  assert.equal(call.state, "given");
  assert.equal(harness.requests.length, 4);
});

test("hop 1 hangs once and then responds: the chain is not bounded by one request's deadline", async () => {
  const { harness, agent } = createChain((_, number) =>
    number === 0 ? new Promise<never>(() => {}) : grantExchangeToken()
  );
  const call = watch(agent().getToken(SCOPE));
  await turn();
  await harness.clock.advance(15_000);
  await turn();
  assert.equal(call.state, "given");
  assert.equal(harness.requests.length, 3);
});

test("an exchange token that Entra rejects with 700024 is replaced, and not sent again", async () => {
  const { harness, agent, hop1, hop2 } = createChain(
    undefined,
    (_, number) => number === 0 ? entraError(700024) : granted(),
  );
  await agent().getToken(SCOPE);
  assert.equal(harness.requests.length, 4);
  assert.equal(hop1().length, 2);
  const sent = hop2().map(({ form }) => form.get("client_assertion"));
  assert.notEqual(sent[0], sent[1]);
});

test("an agent of another tenant needs that tenant in the blueprint's additionallyAllowedTenants", async () => {
  const { harness, agent } = createChain();
  const error = await rejection(agent(1, { tenantId: "other.example" }).getToken(SCOPE));
  assert.equal(error.code, "tenant_not_allowed");
  assert.match(
    error.message,
    new RegExp(
      `Fix: Add "other.example", or "\\*", to the option additionallyAllowedTenants .+${harness.env.AZURE_CLIENT_ID}`,
    ),
  );
  assert.equal(harness.requests.length, 0);

  const allowed = createChain(undefined, undefined, { additionallyAllowedTenants: ["other.example"] });
  await allowed.agent(1, { tenantId: "other.example" }).getToken(SCOPE);
  assert.ok(allowed.harness.requests.every(({ url }) => url.includes("/other.example/")));
});

test("a source that is called outside a credential fails with a message that names getAssertion", async () => {
  const { blueprint } = createChain();
  const source = agentIdentity(blueprint) as (argument?: unknown) => Promise<string>;
  for (const argument of [undefined, { clientId: "c", tokenEndpoint: "https://e", fmiPath: "p" }]) {
    await assert.rejects(source(argument), { code: "assertion_callback_failed", message: /getAssertion/ });
  }
  assert.throws(() => agentIdentity({} as WorkloadIdentityCredential), TypeError);
  assert.throws(() => fromCredential(undefined as unknown as WorkloadIdentityCredential), TypeError);
});

test("fromCredential uses any credential's token for the exchange audience as the assertion", async () => {
  const harness = new Harness();
  const assertion = projectedToken();
  const calls: unknown[] = [];
  const managedIdentity = {
    getToken(scopes: string | string[], options?: object) {
      calls.push([scopes, Object.keys(options ?? {})]);
      return Promise.resolve({ token: assertion, expiresOnTimestamp: Date.now() + HOUR });
    },
  };
  harness.respond = (_, number) => number === 0 ? entraError(700024) : granted();
  const credential = harness.credential({
    getAssertion: fromCredential(managedIdentity),
    retryOptions: { maxRetries: 0 },
  });
  await rejection(credential.getToken(SCOPE));
  assert.deepEqual(calls, [
    [EXCHANGE_SCOPE, ["abortSignal"]],
    [EXCHANGE_SCOPE, ["abortSignal", "forceRefresh"]],
  ]);
  assert.equal(harness.requests[0]!.form.get("client_assertion"), assertion);

  const scopes = "api://other/.default";
  await fromCredential(managedIdentity, { scopes })(undefined as never);
  assert.deepEqual(calls.at(-1), [scopes, []]);
});

test("a credential that returns no token, or fails, fails the call with assertion_callback_failed", async () => {
  for (const getToken of [() => Promise.resolve(null), () => Promise.reject(new Error("no endpoint"))]) {
    const credential = new Harness().credential({ getAssertion: fromCredential({ getToken }) });
    const error = await rejection(credential.getToken(SCOPE));
    assert.equal(error.code, "assertion_callback_failed");
    assert.match(error.message, /returned no token|no endpoint/);
  }
});
