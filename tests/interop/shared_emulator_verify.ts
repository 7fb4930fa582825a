/** A Python service, a Node service and the requests of MSAL for Go share one emulator. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type EmulatorProcess, startEmulator } from "../support/emulator_process.ts";
import { missing, PYTHON } from "./clients.ts";
import { installPackage } from "./installed_package.ts";
import { sendAsMsalGo } from "./raw_client.ts";
import { freePort, startProgram } from "./running_program.ts";

const TENANT = "0a0a0a0a-1111-4111-8111-111111111111";
const CLIENTS = {
  Python: "0a0a0a0a-2222-4222-8222-222222222222",
  Node: "0a0a0a0a-3333-4333-8333-333333333333",
  Go: "0a0a0a0a-4444-4444-8444-444444444444",
};
const CONFIG = {
  tenants: [{ tenantId: TENANT }],
  managedIdentities: Object.entries(CLIENTS).map(([name, clientId]) => ({
    name,
    clientId,
    federatedCredentials: [{ subject: "system:serviceaccount:default:workload" }],
  })),
};
const withoutPython = await missing([PYTHON, "-c", "import msal, jwt"], "python3-msal python3-jwt");

type Name = keyof typeof CLIENTS;
type GetToken = () => Promise<{ client?: string; error?: string }>;

async function assertGranted(clients: Readonly<Record<Name, GetToken>>, ...names: Name[]): Promise<void> {
  for (const name of names) assert.deepEqual(await clients[name](), { client: CLIENTS[name] });
}

async function assertRejected(client: GetToken, code: number): Promise<void> {
  assert.match((await client()).error ?? "a token", new RegExp(`AADSTS${code}\\b`));
}

const name = "each is rejected and recovers, through the control API alone";
test(withoutPython ? `${name} (${withoutPython})` : name, { skip: withoutPython !== undefined }, async () => {
  const folder = await Deno.makeTempDir({ prefix: "shared-emulator-" });
  await installPackage(folder);
  await Deno.copyFile("tests/interop/programs/node_service.mjs", `${folder}/node_service.mjs`);
  Deno.writeTextFileSync(`${folder}/entra.json`, JSON.stringify(CONFIG));
  const emulator = await startEmulator(
    ["--config", `${folder}/entra.json`, "--tls-dir", `${folder}/tls`],
    { timeoutInMs: 120_000 },
  );
  await using resources = new AsyncDisposableStack();
  resources.defer(() => emulator.stop().then(() => Deno.remove(folder, { recursive: true })));

  const clients: Readonly<Record<Name, GetToken>> = {
    Python: await startService(resources, emulator, "Python", [PYTHON, "examples/emulator/service.py"]),
    Node: await startService(resources, emulator, "Node", ["node", `${folder}/node_service.mjs`]),
    Go: async () => {
      const tokenFile = emulator.environment.AZURE_FEDERATED_TOKEN_FILE!;
      const ca = Deno.readTextFileSync(`${folder}/tls/ca.pem`);
      const response = await sendAsMsalGo(emulator.url, TENANT, CLIENTS.Go, tokenFile, ca);
      return response.startsWith("AADSTS") ? { error: response } : { client: clientOf(response) };
    },
  };
  await assertGranted(clients, "Python", "Node", "Go");

  const codes: [Name, number][] = [["Python", 700213], ["Node", 700025], ["Go", 53003]];
  for (const [rejected, code] of codes) {
    const fault = { code, times: "always", match: { clientId: CLIENTS[rejected] } };
    await emulator.control("faults", { faults: [fault] });
    await assertRejected(clients[rejected], code);
    await assertGranted(clients, ...codes.map(([other]) => other).filter((other) => other !== rejected));
    await emulator.control("faults", { faults: [] });
    await assertGranted(clients, rejected);
  }

  await emulator.control("clock", { offsetInMs: 7_200_000 });
  for (const client of Object.values(clients)) await assertRejected(client, 700024);
  await emulator.control("clock", { offsetInMs: 0 });
  await assertGranted(clients, "Python", "Node", "Go");

  await emulator.control("rotate", { what: "cluster-keys", keepOld: false });
  for (const client of Object.values(clients)) await assertRejected(client, 7000272);
  await emulator.control("rotate", { what: "token" });
  await assertGranted(clients, "Python", "Node", "Go");

  const { requests } = await emulator.control("requests?limit=1000&endpoint=token", undefined, "GET");
  const seen = new Set(requests.map(({ form }: { form: Record<string, string> }) => form.client_id));
  assert.deepEqual(seen, new Set(Object.values(CLIENTS)));
  assert.doesNotMatch(JSON.stringify(requests), /eyJ/, "no assertion is recorded");
});

/** Starts a service, and returns a function that requests the identity of its token. */
async function startService(
  resources: AsyncDisposableStack,
  { environment }: EmulatorProcess,
  name: Name,
  command: string[],
): Promise<GetToken> {
  const port = freePort();
  const env = { ...environment, AZURE_CLIENT_ID: CLIENTS[name], PORT: String(port) };
  const url = `http://127.0.0.1:${port}`;
  const isReady = async () => (await fetch(`${url}/`)).text().then(() => true);
  resources.use(await startProgram(command, isReady, { env }));
  return async () => await (await fetch(`${url}/token`)).json();
}

function clientOf(token: string): string {
  return JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"))).appid;
}
