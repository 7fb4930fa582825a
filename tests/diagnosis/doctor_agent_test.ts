/** `doctor --agent` examines both token requests of an agent identity. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "../cli/terminal.ts";
import { createTestCluster, type TestCluster } from "../../src/testing/mod.ts";

const AGENT = "99999999-2222-3333-4444-555555555555";

function createBlueprint(): Promise<TestCluster> {
  return createTestCluster({ application: { kind: "blueprint" } });
}

async function examine(
  { pod, issuer }: TestCluster,
): Promise<{ code: number; checks: Record<string, never>[] }> {
  const fetch: typeof pod.fetch = (url, init) =>
    url.startsWith(issuer.issuer) ? issuer.fetch(url, init as RequestInit) : pod.fetch(url, init);
  const runtime = {
    name: "node",
    env: (name: string) => pod.env(name),
    readTextFile: (path: string) => pod.readTextFile(path),
    fetch,
  };
  const { code, stdout } = await runCommand(["doctor", "--agent", AGENT, "--json"], { runtime });
  return { code, checks: JSON.parse(stdout).checks };
}

test("an agent that works: one token request of the blueprint and one of the agent", async () => {
  const cluster = await createBlueprint();
  cluster.emulator.addAgentIdentity({ blueprint: cluster.application, clientId: AGENT });
  const { code, checks } = await examine(cluster);
  assert.equal(code, 0, JSON.stringify(checks, null, 2));
  const last = checks.slice(-3).map(({ name, status, summary }) => `${status} ${name}: ${summary}`).join(
    "\n",
  );
  assert.match(
    last,
    new RegExp(
      `^passed blueprint: got a token of the blueprint ${cluster.application.clientId} for the agent ${AGENT} in \\d+ ms\n` +
        "passed exchange: got a token of the agent for https://management\\.azure\\.com/\\.default in \\d+ ms\n" +
        `passed access token: for https://management\\.azure\\.com, .+, agent of the blueprint ${cluster.application.clientId}$`,
    ),
  );
});

test("a blueprint that does not trust the pod fails at the first request", async () => {
  const cluster = await createTestCluster({ application: { kind: "blueprint", federatedCredentials: [] } });
  cluster.emulator.addAgentIdentity({ blueprint: cluster.application, clientId: AGENT });
  const { code, checks } = await examine(cluster);
  assert.equal(code, 1);
  assert.deepEqual(checks.slice(-3).map(({ name, status }) => [name, status]), [
    ["blueprint", "failed"],
    ["exchange", "skipped"],
    ["access token", "skipped"],
  ]);
  assert.equal((checks.at(-3) as { diagnosis?: { name: string } }).diagnosis?.name, "AADSTS70025");
});

test("an agent of another blueprint is explained as such", async () => {
  const cluster = await createBlueprint();
  const blueprint = cluster.emulator.addApplication({ kind: "blueprint" });
  cluster.emulator.addAgentIdentity({ blueprint, clientId: AGENT });
  const { checks } = await examine(cluster);
  const { name, diagnosis } = checks.at(-2) as unknown as Record<string, Record<string, unknown>>;
  assert.deepEqual([name, diagnosis?.name, diagnosis?.commands], ["exchange", "agent_mismatch", []]);
  assert.match(
    String(diagnosis?.cause),
    new RegExp(
      `^${AGENT} is not an agent identity of this blueprint in tenant ${cluster.application.tenantId}`,
    ),
  );
});

test("an agent that may not use the resource fails at the second request", async () => {
  const cluster = await createBlueprint();
  cluster.emulator.addAgentIdentity({ blueprint: cluster.application, clientId: AGENT });
  const { pod } = cluster;
  const send = pod.fetch;
  Object.defineProperty(pod, "fetch", {
    value: (url: string, init: RequestInit) => {
      if (String(init.body).includes(`client_id=${AGENT}`)) cluster.emulator.failNext({ code: 53003 });
      return send(url, init as never);
    },
  });
  const { code, checks } = await examine(cluster);
  assert.equal(code, 1);
  assert.deepEqual(checks.slice(-3).map(({ name, status }) => [name, status]), [
    ["blueprint", "passed"],
    ["exchange", "failed"],
    ["access token", "skipped"],
  ]);
});

test("an agent's ID must be a GUID", async () => {
  const { code, stderr } = await runCommand(["doctor", "--agent", "me"]);
  assert.equal(code, 2);
  assert.match(stderr, /--agent must be a GUID, but is 'me'/);
});
