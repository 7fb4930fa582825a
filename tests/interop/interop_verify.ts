/** Tries the emulator with clients that this project did not write, including cases in which it must reject them. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { type EmulatorProcess, startEmulator } from "../support/emulator_process.ts";
import { type Attempt, installClients, missing, PYTHON, type Result, runClient } from "./clients.ts";
import {
  AGENT,
  BLUEPRINT,
  EXPIRED_SECRET,
  FOREIGN_AGENT,
  forgeAssertion,
  OTHER_AUDIENCE,
  OTHER_SUBJECT,
  SECRET,
  TENANT,
  WITH_SECRET,
  WORKLOAD,
  writeConfig,
} from "./directory.ts";

const NODE = (name: string) => ["node", `programs/${name}.mjs`];
const folder = await Deno.makeTempDir({ prefix: "interop-" });
const config = await writeConfig(folder);
const CA_VARIABLES = ["NODE_EXTRA_CA_CERTS", "DENO_CERT", "SSL_CERT_FILE"];

const withoutPython = await missing([PYTHON, "-c", "import msal, jwt"], "python3-msal python3-jwt");

/** Returns the reason for which a test is skipped, for its name. */
function reason(problem: string | undefined): string {
  return problem === undefined ? "" : ` (${problem})`;
}

/** The token that every client with a federated credential must get, and the errors that it must be rejected with. */
function assertionAttempts(kind: string, tokenFilePath: string): Attempt[] {
  return [
    { name: "granted", kind, clientId: WORKLOAD, tokenFilePath },
    { name: "AADSTS700213", kind, clientId: OTHER_SUBJECT, tokenFilePath },
    { name: "AADSTS700212", kind, clientId: OTHER_AUDIENCE, tokenFilePath },
    { name: "AADSTS700027", kind, clientId: WORKLOAD, tokenFilePath: forgeAssertion(tokenFilePath, folder) },
    { name: "AADSTS700016", kind, clientId: TENANT, tokenFilePath },
  ];
}

function secretAttempts(kind: string): Attempt[] {
  const clientId = WITH_SECRET;
  return [
    { name: "granted for a secret", kind, clientId, secret: SECRET },
    { name: "AADSTS7000215", kind, clientId, secret: "wrong" },
    { name: "AADSTS7000222", kind, clientId, secret: EXPIRED_SECRET },
  ];
}

describe("clients with the emulator over https", () => {
  let emulator: EmulatorProcess;
  before(async () => {
    await installClients();
    emulator = await startEmulator(["--config", config, "--https"], { timeoutInMs: 300_000 });
  });
  after(() => emulator.stop().then(() => {}));

  const tokenFile = () => emulator.environment.AZURE_FEDERATED_TOKEN_FILE!;
  const run = (command: string[], attempts: Attempt[], env = {}) =>
    runClient(command, attempts, { ...emulator.environment, ...env });

  /** Checks that each attempt ended as its name says; grants by the keys that the emulator publishes. */
  async function check(results: Readonly<Record<string, Result>>, audience = "https://vault.azure.net") {
    const client = await fetchKeys(emulator);
    for (const [name, { token, error }] of Object.entries(results)) {
      if (name.startsWith("AADSTS")) assert.match(error ?? `a token: ${token}`, new RegExp(`${name}\\b`));
      else {
        assert.ok(token, `${name}: ${error}`);
        const { payload } = await jwtVerify(token, client, { audience });
        assert.equal(payload.tid, TENANT);
      }
    }
  }

  /** Moves Entra's clock while a client presents an assertion, which is then outside its validity period. */
  async function withExpiredAssertions(attempt: () => Promise<Readonly<Record<string, Result>>>) {
    await emulator.control("clock", { offsetInMs: 7_200_000 });
    try {
      assert.match(Object.values(await attempt())[0]!.error ?? "a token", /AADSTS700024/);
    } finally {
      await emulator.control("clock", { offsetInMs: 0 });
    }
  }

  const clients: [name: string, program: string[], kinds: string[]][] = [
    ["@azure/identity on Node", NODE("azure_identity"), ["workload", "assertion", "secret"]],
    ["@azure/identity on Bun", ["bun", "run", "programs/azure_identity.mjs"], [
      "workload",
      "assertion",
      "secret",
    ]],
    ["@azure/msal-node", NODE("msal_node"), ["assertion", "secret"]],
    ["openid-client", NODE("openid_client"), ["assertion", "secret", "basic"]],
    ["oauth4webapi", NODE("oauth4webapi"), ["assertion", "secret", "basic"]],
  ];
  for (const [name, program, kinds] of clients) {
    for (const kind of kinds) {
      test(`${name}, ${kind}: tokens verify, and each rejection has its code`, async () => {
        const isSecret = kind === "secret" || kind === "basic";
        const attempts = isSecret ? secretAttempts(kind) : assertionAttempts(kind, tokenFile());
        await check(await run(program, attempts));
        if (!isSecret) await withExpiredAssertions(() => run(program, attempts.slice(0, 1)));
      });
    }
  }

  test("@azure/identity's ManagedIdentityCredential gets tokens from the metadata service", async () => {
    const kind = "managed";
    const env = { AZURE_FEDERATED_TOKEN_FILE: "" };
    const { unknown, ...granted } = await run(NODE("azure_identity"), [
      { name: "granted", kind, clientId: WORKLOAD },
      { name: "unknown", kind, clientId: TENANT },
    ], env);
    await check(granted);
    assert.match(unknown!.error!, /Identity not found/);
  });

  test("@azure/identity's DefaultAzureCredential finds the workload identity, or the managed identity", async () => {
    const attempt = { name: "granted", kind: "default", clientId: WORKLOAD };
    await check(await run(NODE("azure_identity"), [attempt]));
    await emulator.control("requests", undefined, "DELETE");
    await check(await run(NODE("azure_identity"), [attempt], { AZURE_FEDERATED_TOKEN_FILE: "" }));
    const { requests } = await emulator.control("requests?endpoint=imds&status=200", undefined, "GET");
    assert.equal(requests.length, 1);
  });

  test("@azure/msal-node gets an exchange token and an agent's token with fmiPath", async () => {
    const base = { clientId: BLUEPRINT, tokenFilePath: tokenFile() };
    const results = await run(NODE("msal_node"), [
      { name: "exchange", kind: "exchange", agentId: AGENT, ...base },
      { name: "agent", kind: "agent", agentId: AGENT, ...base },
      { name: "AADSTS700213", kind: "agent", agentId: AGENT, presentedAs: FOREIGN_AGENT, ...base },
      { name: "AADSTS82001", kind: "assertion", ...base },
    ]);
    const { exchange, agent, ...rejected } = results;
    assert.match(String(decodeJwt(exchange!.token!).sub), new RegExp(`^/eid1/c/pub/t/.+/${AGENT}$`));
    assert.equal(decodeJwt(agent!.token!).xms_par_app_azp, BLUEPRINT);
    await check({ agent: agent!, ...rejected });
  });

  test("@azure/identity sends nothing if the CA is not trusted", async () => {
    const attempts = [{
      name: "untrusted",
      kind: "workload",
      clientId: WORKLOAD,
      tokenFilePath: tokenFile(),
    }];
    const env = Object.fromEntries(CA_VARIABLES.map((name) => [name, ""]));
    await emulator.control("requests", undefined, "DELETE");
    const { untrusted } = await run(NODE("azure_identity"), attempts, env);
    // MSAL does not report why it could not fetch the metadata; with the variables it can.
    assert.match(untrusted!.error!, /endpoints_resolution_error/);
    assert.equal((await emulator.control("requests?endpoint=token", undefined, "GET")).requests.length, 0);
  });

  test(`MSAL for Python: tokens verify with PyJWT, each rejection has its code${reason(withoutPython)}`, {
    skip: withoutPython !== undefined,
  }, async () => {
    const program = [PYTHON, "programs/msal_python.py"];
    const attempts = [...assertionAttempts("assertion", tokenFile()), ...secretAttempts("secret")];
    const results = await run(program, attempts);
    await check(results);
    assert.equal(results.granted!.claims!.appid, WORKLOAD);
    assert.equal(results["granted for a secret"]!.claims!.appid, WITH_SECRET);
    await withExpiredAssertions(() => run(program, attempts.slice(0, 1)));
  });
});

test("@azure/identity's ManagedIdentityCredential gets tokens from App Service", async () => {
  await installClients();
  const emulator = await startEmulator(["--config", config, "--https", "--app-service"], {
    timeoutInMs: 60_000,
  });
  try {
    const attempts = [{ name: "granted", kind: "managed", clientId: WORKLOAD }];
    const { granted } = await runClient(NODE("azure_identity"), attempts, emulator.environment);
    assert.ok(granted!.token, granted!.error);
    await jwtVerify(granted!.token, await fetchKeys(emulator));
    const wrong = { ...emulator.environment, IDENTITY_HEADER: "guess" };
    const { granted: rejected } = await runClient(NODE("azure_identity"), attempts, wrong);
    assert.match(rejected!.error!, /X-IDENTITY-HEADER header is missing or wrong/);
  } finally {
    await emulator.stop();
  }
});

async function fetchKeys(emulator: EmulatorProcess) {
  return createLocalJWKSet(await emulator.get(`/${TENANT}/discovery/v2.0/keys`));
}
