/** Tries the emulator behind nginx, and through squid. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { type EmulatorProcess, startEmulator } from "../support/emulator_process.ts";
import { succeed } from "../../tools/run.ts";
import { type Attempt, installClients, missing, PYTHON, type Result, runClient } from "./clients.ts";
import { OTHER_SUBJECT, SECRET, TENANT, WITH_SECRET, WORKLOAD, writeConfig } from "./directory.ts";
import { freePort } from "./running_program.ts";
import { startServer, type SystemServer } from "./system_server.ts";

const NGINX = "/usr/sbin/nginx";
const SQUID = "/usr/sbin/squid";
const withoutNginx = await missing([NGINX, "-v"], "nginx");
const withoutSquid = await missing([SQUID, "-v"], "squid");
const withoutPython = await missing([PYTHON, "-c", "import msal, jwt"], "python3-msal python3-jwt");

/** Options of a test, and the end of its name, which gives the reason for a skip. */
function needs(...problems: (string | undefined)[]): [string, { skip: boolean }] {
  const reasons = problems.filter((problem) => problem !== undefined);
  return [reasons.map((reason) => ` (${reason})`).join(""), { skip: reasons.length > 0 }];
}

/** A folder that the unprivileged user of a server may use. */
async function createFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "interop-proxy-" });
  await Deno.chmod(folder, 0o777);
  return folder;
}

function attempts(tokenFilePath: string): Attempt[] {
  return [
    { name: "granted", kind: "assertion", clientId: WORKLOAD, tokenFilePath },
    { name: "AADSTS700213", kind: "assertion", clientId: OTHER_SUBJECT, tokenFilePath },
    { name: "granted for a secret", kind: "secret", clientId: WITH_SECRET, secret: SECRET },
  ];
}

function check(results: Readonly<Record<string, Result>>): void {
  assert.match(results.granted!.token ?? results.granted!.error!, /^ey/);
  assert.match(results.AADSTS700213!.error!, /AADSTS700213/);
  assert.match(results["granted for a secret"]!.token!, /^ey/);
}

describe("behind nginx, which terminates TLS", () => {
  const resources = new AsyncDisposableStack();
  let emulator: EmulatorProcess;
  let nginx: SystemServer;
  let folder: string;
  let env: Record<string, string>;
  before(async () => {
    if (withoutNginx) return;
    await installClients();
    folder = await createFolder();
    const authority = await CertificateAuthority.create("nginx");
    const { cert, key } = await authority.issue("127.0.0.1");
    const files = { "server.pem": cert, "server.key": key, "ca.pem": authority.pem };
    for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(`${folder}/${name}`, text);
    const port = freePort();
    nginx = resources.use(
      await startServer(folder, "nginx.conf", { EMULATOR: `http://127.0.0.1:${port}` }, (config) => [
        NGINX,
        "-p",
        folder,
        "-c",
        config,
      ]),
    );
    const url = `https://127.0.0.1:${nginx.port}`;
    const config = await writeConfig(folder);
    emulator = await startEmulator(
      ["--config", config, "--port", String(port), "--public-url", url],
      { timeoutInMs: 120_000 },
    );
    resources.defer(() => emulator.stop().then(() => {}));
    const ca = `${folder}/ca.pem`;
    env = { ...emulator.environment, NODE_EXTRA_CA_CERTS: ca, SSL_CERT_FILE: ca, REQUESTS_CA_BUNDLE: ca };
  });
  after(() => resources.disposeAsync());

  const [nodeReason, nodeOptions] = needs(withoutNginx);
  test(`@azure/msal-node gets its tokens at the public address${nodeReason}`, nodeOptions, async () => {
    const tokenFile = emulator.environment.AZURE_FEDERATED_TOKEN_FILE!;
    check(await runClient(["node", "programs/msal_node.mjs"], attempts(tokenFile), env));
  });
  const [pythonReason, pythonOptions] = needs(withoutNginx, withoutPython);
  test(`MSAL for Python gets its tokens at the public address${pythonReason}`, pythonOptions, async () => {
    const tokenFile = emulator.environment.AZURE_FEDERATED_TOKEN_FILE!;
    check(await runClient([PYTHON, "programs/msal_python.py"], attempts(tokenFile), env));
  });
  test(`what nginx forwards is not trusted${nodeReason}`, nodeOptions, async () => {
    const get = async (path: string, ...options: string[]) => {
      const ca = ["--cacert", `${folder}/ca.pem`, "--noproxy", "*"];
      return JSON.parse(await succeed(["curl", "-s", ...ca, ...options, `${emulator.url}${path}`]));
    };
    const discovery = await get(
      `/${TENANT}/v2.0/.well-known/openid-configuration`,
      "-H",
      "Host: evil.example",
    );
    assert.equal(discovery.issuer, `${emulator.url}/${TENANT}/v2.0`);
    const imds = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net";
    assert.match((await get(imds, "-H", "Metadata: true")).error_description, /X-Forwarded-For/);
    const control = await get("/_emulator/requests", "-H", "Host: entra.example");
    assert.match(control.error, /The host "entra\.example" is not allowed/);
  });
});

describe("through squid, an egress proxy", () => {
  const resources = new AsyncDisposableStack();
  let emulator: EmulatorProcess;
  let folder: string;
  let env: Record<string, string>;
  before(async () => {
    if (withoutSquid) return;
    await installClients();
    folder = await createFolder();
    const squid = resources.use(
      await startServer(folder, "squid.conf", {}, (config) => [SQUID, "-N", "-f", config]),
    );
    const config = await writeConfig(folder);
    emulator = await startEmulator(["--config", config, "--https"], { timeoutInMs: 120_000 });
    resources.defer(() => emulator.stop().then(() => {}));
    const proxy = `http://127.0.0.1:${squid.port}`;
    env = { ...emulator.environment, HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY: "", no_proxy: "" };
  });
  after(() => resources.disposeAsync());

  const connections = () => {
    const { host } = new URL(emulator.url);
    return Deno.readTextFileSync(`${folder}/access.log`).split(`CONNECT ${host}`).length - 1;
  };
  const [reason, options] = needs(withoutSquid);
  test(`@azure/identity gets its tokens through the tunnel${reason}`, options, async () => {
    const tokenFile = emulator.environment.AZURE_FEDERATED_TOKEN_FILE!;
    check(await runClient(["node", "programs/azure_identity.mjs"], attempts(tokenFile), env));
    assert.ok(connections() > 0);
  });
  const [pythonReason, pythonOptions] = needs(withoutSquid, withoutPython);
  test(`MSAL for Python gets its tokens through the tunnel${pythonReason}`, pythonOptions, async () => {
    const before = connections();
    const tokenFile = emulator.environment.AZURE_FEDERATED_TOKEN_FILE!;
    check(await runClient([PYTHON, "programs/msal_python.py"], attempts(tokenFile), env));
    assert.ok(connections() > before);
  });
  test(`the token command of this project gets its token through the tunnel${reason}`, options, async () => {
    const before = connections();
    const command = [
      "deno",
      "run",
      "-A",
      "src/cli/mod.ts",
      "token",
      "--scope",
      "https://vault.azure.net/.default",
    ];
    assert.match(await succeed(command, { env }), /^ey/);
    assert.ok(connections() > before);
  });
});
