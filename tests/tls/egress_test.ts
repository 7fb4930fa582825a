/** Token requests through a CONNECT proxy, set up as in docs/proxies.md. On Node it depends on the version. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { globalAgent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, beforeEach, test } from "node:test";
import { projectedToken } from "../support/harness.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { ConnectProxy } from "../support/connect_proxy.ts";
import { onBun, onDeno, runProgram } from "./program.ts";
import { TokenServer } from "../support/token_server.ts";

/** A name that only the proxy can resolve. */
const HOST = "login.entra.test";
const onNode = !onDeno && !onBun;
const hasSwitch = onNode && "proxyEnv" in globalAgent.options;
const heedsVariables = !onNode || hasSwitch;
const GET_TOKEN = new URL("./get_token.ts", import.meta.url);

let folder: string;
let server: TokenServer;
let proxy: ConnectProxy;
let workload: Record<string, string>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "egress-"));
  const ca = await CertificateAuthority.create("egress");
  const [caFile, tokenFile] = [join(folder, "ca.crt"), join(folder, "token")];
  await writeFile(caFile, ca.pem);
  await writeFile(tokenFile, projectedToken());
  server = await TokenServer.start(await ca.issue(HOST, "localhost"));
  proxy = await ConnectProxy.start(server.port);
  workload = {
    AZURE_CLIENT_ID: "11111111-2222-3333-4444-555555555555",
    AZURE_TENANT_ID: "tenant",
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
    AZURE_AUTHORITY_HOST: `https://${HOST}/`,
    NODE_EXTRA_CA_CERTS: caFile,
    DENO_CERT: caFile,
  };
});
beforeEach(() => {
  proxy.targets.length = 0;
  proxy.users.length = 0;
});
after(async () => {
  await proxy.stop();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** @param readable variables that the program may read on Deno, in addition to those of the workload */
async function getToken(
  env: Record<string, string>,
  readable: readonly string[] = [],
): Promise<Record<string, string>> {
  const permissions = [
    `--allow-net=${new URL(env.AZURE_AUTHORITY_HOST ?? `https://${HOST}`).host}`,
    `--allow-read=${workload.AZURE_FEDERATED_TOKEN_FILE}`,
    `--allow-env=${[...Object.keys(workload).filter((name) => name.startsWith("AZURE_")), ...readable]}`,
  ];
  const { stdout, stderr } = await runProgram(GET_TOKEN, { ...workload, ...env }, permissions);
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

/** The settings that a runtime needs in addition to the variables. */
const on: Record<string, string> = hasSwitch ? { NODE_USE_ENV_PROXY: "1" } : {};

if (heedsVariables) {
  for (const variable of ["HTTPS_PROXY", "https_proxy"]) {
    test(`token requests go through ${variable}`, async () => {
      assert.deepEqual(await getToken({ ...on, [variable]: proxy.url }), { token: "vault/.default" });
      assert.deepEqual(proxy.targets, [`${HOST}:443`]);
      assert.deepEqual(proxy.users, [undefined]);
    });
  }

  for (const variable of ["HTTPS_PROXY", "https_proxy"]) {
    test(`the error names the proxy of ${variable} if that is down, without its password`, async () => {
      const env = { ...on, [variable]: "http://user:password@127.0.0.1:9/" };
      const { code, message } = await getToken(env, ["HTTPS_PROXY", "https_proxy"]);
      assert.equal(code, "network_failed");
      assert.match(message!, /127\.0\.0\.1:9/);
      if (!onNode) assert.ok(message!.includes(`, through the proxy 127.0.0.1:9 of ${variable}`), message);
      assert.doesNotMatch(message!, /password/);
    });
  }

  test("a name and a password in the proxy's URL are sent to the proxy only", async () => {
    const HTTPS_PROXY = proxy.url.replace("//", "//us%40er:pa%20ss@");
    assert.deepEqual(await getToken({ ...on, HTTPS_PROXY }), { token: "vault/.default" });
    assert.deepEqual(proxy.users, ["us@er:pa ss"]);
  });

  for (const noProxy of [".entra.test", `example.com,${HOST}`]) {
    test(`NO_PROXY=${noProxy} is honoured`, async () => {
      const outcome = await getToken({ ...on, HTTPS_PROXY: proxy.url, NO_PROXY: noProxy });
      assert.equal(outcome.code, "network_failed");
      assert.deepEqual(proxy.targets, []);
    });
  }

  test("a host in NO_PROXY is reached directly", async () => {
    const AZURE_AUTHORITY_HOST = `https://localhost:${server.port}`;
    const env = { ...on, AZURE_AUTHORITY_HOST, HTTPS_PROXY: proxy.url, NO_PROXY: "localhost" };
    assert.deepEqual(await getToken(env), { token: "vault/.default" });
    assert.deepEqual(proxy.targets, []);
  });
}

if (onNode) {
  test("if Node ignores the variables, a network error reports it once", async () => {
    const { code, message, again } = await getToken({ HTTPS_PROXY: proxy.url });
    assert.equal(code, "network_failed");
    const remedy = hasSwitch ? "Set NODE_USE_ENV_PROXY=1" : "Pass the option fetch";
    const hint = `HTTPS_PROXY is set, but Node ${process.version} does not use it. ${remedy}.`;
    assert.ok(message!.includes(hint), message);
    assert.ok(!again!.includes("HTTPS_PROXY"), again);
    assert.deepEqual(proxy.targets, []);
  });

  test("if NO_PROXY names the host, a network error does not mention proxies", async () => {
    const { code, message } = await getToken({ HTTPS_PROXY: proxy.url, NO_PROXY: HOST });
    assert.equal(code, "network_failed");
    assert.doesNotMatch(message!, /PROXY/);
  });
}

if (hasSwitch) {
  test("Node's flag --use-env-proxy does the same as its variable", async () => {
    const outcome = await getToken({ NODE_OPTIONS: "--use-env-proxy", HTTPS_PROXY: proxy.url });
    assert.deepEqual(outcome, { token: "vault/.default" });
    assert.deepEqual(proxy.targets, [`${HOST}:443`]);
  });
}
