/** The agents of one blueprint share its limit of exchanges: both token requests of every agent count. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reactive } from "@vue/reactivity";
import { agentIdentity } from "../../src/assertions/agent_identity.ts";
import type { GetAssertion, WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { withTelemetry } from "../../src/opentelemetry/mod.ts";
import { gate, granted, Harness, projectedToken, rejection, SCOPE, watch } from "../support/harness.ts";

const agentId = (number: number) => `99999999-0000-0000-0000-${String(number).padStart(12, "0")}`;

/** Counts the requests in flight, and grants them one turn later or when the test decides. */
class Endpoint {
  readonly harness = new Harness();
  /** Requests wait for `respond`. */
  isManual = false;
  inFlight = 0;
  most = 0;
  readonly #gates: ReturnType<typeof gate<void>>[] = [];

  constructor() {
    this.harness.respond = async ({ form }) => {
      this.most = Math.max(this.most, ++this.inFlight);
      const response = gate();
      this.#gates.push(response);
      if (!this.isManual) response.open();
      await response.promise;
      this.inFlight--;
      return granted(
        form.has("fmi_path") && { access_token: projectedToken({ sub: form.get("fmi_path") }) } || {},
      );
    };
  }

  /** The requests so far: the agent's number and the hop. */
  get requested(): string[] {
    return this.harness.requests.map(({ form }) => {
      const path = form.get("fmi_path");
      return `${Number((path ?? form.get("client_id"))!.slice(-12))}:${path ? 1 : 2}`;
    });
  }

  async respond(): Promise<void> {
    for (const response of this.#gates.splice(0)) response.open();
    await this.settle();
  }

  /** Waits until everything is done that waits for no response. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await this.harness.clock.advance(0);
  }

  agents(getAssertion: GetAssertion, count: number): WorkloadIdentityCredential[] {
    return Array.from(
      { length: count },
      (_, number) => this.harness.credential({ clientId: agentId(number), getAssertion }),
    );
  }
}

for (const limit of [1, 4]) {
  test(`100 cold agents all get tokens with ${limit} exchanges in flight, both hops counted`, async () => {
    const endpoint = new Endpoint();
    const blueprint = endpoint.harness.credential({ maxConcurrentExchanges: limit });
    const agents = endpoint.agents(agentIdentity(blueprint), 100);
    const tokens = await Promise.all(agents.map((agent) => agent.getToken(SCOPE)));
    assert.equal(new Set(tokens).size, 100);
    assert.equal(endpoint.harness.requests.length, 200);
    assert.equal(endpoint.most, limit);
  });
}

test("an agent's own maxConcurrentExchanges does not override the blueprint's", async () => {
  const endpoint = new Endpoint();
  const { harness } = endpoint;
  const getAssertion = agentIdentity(harness.credential({ maxConcurrentExchanges: 1 }));
  const agent = harness.credential({ clientId: agentId(1), getAssertion, maxConcurrentExchanges: 50 });
  await Promise.all(Array.from({ length: 10 }, (_, index) => agent.getToken(`scope-${index}`)));
  assert.equal(endpoint.most, 1);
});

test("an agent's failed requests release their places", async () => {
  const { harness, agents } = chainOfOne();
  harness.respond = () => Promise.reject(new Error("rejected"));
  const errors = await Promise.all(agents(20).map((agent) => rejection(agent.getToken(SCOPE))));
  assert.ok(errors.every(({ code }) => code === "network_failed"));
  harness.respond = ({ form }) => granted(form.has("fmi_path") ? { access_token: projectedToken() } : {});
  await Promise.all(agents(20).map((agent) => agent.getToken(SCOPE)));

  function chainOfOne() {
    const endpoint = new Endpoint();
    const options = { maxConcurrentExchanges: 1, retryOptions: { maxRetries: 0 } };
    const getAssertion = agentIdentity(endpoint.harness.credential(options));
    return {
      harness: endpoint.harness,
      agents: (count: number) =>
        Array.from(
          { length: count },
          (_, number) => endpoint.harness.credential({ ...options, clientId: agentId(number), getAssertion }),
        ),
    };
  }
});

describe("exchanges of several agents that wait for one place", () => {
  function busy(count: number) {
    const endpoint = new Endpoint();
    endpoint.isManual = true;
    const blueprint = endpoint.harness.credential({ maxConcurrentExchanges: 1 });
    return { endpoint, agents: endpoint.agents(agentIdentity(blueprint), count) };
  }

  test("follow in the order in which they came, the second hop behind those that wait", async () => {
    const { endpoint, agents } = busy(3);
    const callers = agents.map((agent) => watch(agent.getToken(SCOPE)));
    await endpoint.settle();
    for (let response = 0; response < 6; response++) await endpoint.respond();
    assert.deepEqual(endpoint.requested, ["0:1", "1:1", "2:1", "0:2", "1:2", "2:2"]);
    assert.ok(callers.every(({ state }) => state === "given"));
  });

  for (const hop of [1, 2]) {
    test(`leave the queue at once when the caller aborts before hop ${hop}`, async () => {
      const { endpoint, agents } = busy(3);
      const controller = new AbortController();
      const callers = agents.map((agent, number) =>
        watch(agent.getToken(SCOPE, number === 1 ? { abortSignal: controller.signal } : {}))
      );
      await endpoint.settle();
      // Before hop 2 of the second agent, the first hops of all three have their responses.
      for (let response = 1; response < hop; response++) {
        for (let agent = 0; agent < 3; agent++) await endpoint.respond();
      }
      controller.abort("changed its mind");
      await endpoint.settle();
      assert.equal(callers[1]!.error, "changed its mind");
      while (endpoint.inFlight > 0) await endpoint.respond();
      assert.deepEqual(callers.map(({ state }) => state), ["given", "failed", "given"]);
      assert.equal(endpoint.requested.filter((request) => request.startsWith("1:")).length, hop - 1);
      assert.equal(endpoint.most, 1);
    });
  }
});

describe("the limit is shared", () => {
  const wrappers: Record<string, (blueprint: WorkloadIdentityCredential) => WorkloadIdentityCredential> = {
    "a Proxy": (blueprint) => new Proxy(blueprint, {}),
    "Object.create": (blueprint) => Object.create(blueprint),
    "Vue's reactive": reactive,
    "withTelemetry": (blueprint) => withTelemetry(blueprint) as WorkloadIdentityCredential,
  };
  for (const [what, wrap] of Object.entries(wrappers)) {
    test(`behind ${what} around the blueprint`, async () => {
      const endpoint = new Endpoint();
      const blueprint = wrap(endpoint.harness.credential({ maxConcurrentExchanges: 1 }));
      const agents = endpoint.agents(agentIdentity(blueprint), 10);
      await Promise.all(agents.map((agent) => agent.getToken(SCOPE)));
      assert.equal(endpoint.most, 1);
    });
  }
});

describe("agents have separate limits, and get their tokens,", () => {
  const sources: Record<string, (blueprint: WorkloadIdentityCredential) => GetAssertion> = {
    "with a function around the source": (blueprint) => {
      const getAssertion = agentIdentity(blueprint);
      return (context) => getAssertion(context);
    },
    "with a credential of another kind": (blueprint) =>
      agentIdentity({ getToken: (...args) => blueprint.getToken(...args) }),
    "with a mock that has every property": (blueprint) =>
      agentIdentity(
        new Proxy(blueprint, {
          get: (_, name) => name === "getToken" ? blueprint.getToken.bind(blueprint) : () => undefined,
        }),
      ),
    "with a mock that throws for what it does not know": (blueprint) =>
      agentIdentity(
        new Proxy(blueprint, {
          get(_, name) {
            if (name !== "getToken") throw new Error(`unexpected ${String(name)}`);
            return blueprint.getToken.bind(blueprint);
          },
        }),
      ),
  };
  for (const [what, createGetAssertion] of Object.entries(sources)) {
    test(what, async () => {
      const endpoint = new Endpoint();
      const blueprint = endpoint.harness.credential({ maxConcurrentExchanges: 1 });
      const agents = endpoint.agents(createGetAssertion(blueprint), 10);
      await Promise.all(agents.map((agent) => agent.getToken(SCOPE)));
      assert.ok(endpoint.most > 1);
    });
  }
});
