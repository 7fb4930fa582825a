/**
 * The command with real versions of `kubectl` and a small API server on loopback. Debian's 1.20 is in `.cache/kubectl`,
 * where `.ci/run` puts it; a newer one is that of the machine. What is missing is skipped, with the reason.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { type ServedCluster, serveTestCluster } from "../../src/testing/mod.ts";
import type { Listener } from "../../src/testing/server.ts";
import { explainKubectlError } from "../../src/cli/kubernetes/kubectl_errors.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { commandLine, runChild } from "../support/child.ts";
import { serveApiServer } from "../support/kubernetes/api_server.ts";
import { createFakeCluster, type FakeCluster, USER } from "../support/kubernetes/fake_cluster.ts";
import { handleKubectl } from "../support/kubernetes/fake_kubectl.ts";
import { container, pod, serviceAccount, webhook } from "../support/kubernetes/objects.ts";

const CLI = resolve("src/cli/mod.ts");
const DEBIAN = resolve(".cache/kubectl/usr/bin/kubectl");
const ADMIN_TOKEN = "admin";
const AKS_SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630";

let entra: ServedCluster;
let apiServer: Listener;
let cluster: FakeCluster;
let folder: string;
/** Subjects of the access tokens that the API server has accepted. */
const accepted: unknown[] = [];

before(async () => {
  entra = await serveTestCluster({ projectedToken: { namespace: "shop", serviceAccount: "checkout" } });
  const { clientId, tenantId } = entra.application;
  const annotations = {
    "azure.workload.identity/client-id": clientId,
    "azure.workload.identity/tenant-id": tenantId,
  };
  const variables = { AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenantId };
  cluster = await createFakeCluster({
    issuer: entra.issuer,
    serviceAccounts: [serviceAccount(annotations)],
    pods: [pod({ containers: [container(variables)] })],
    webhooks: [webhook()],
  });
  const ca = await CertificateAuthority.create("cluster");
  apiServer = await serveApiServer(() => cluster, await ca.issue("127.0.0.1"), authenticate);
  cluster = { ...cluster, contexts: { admin: apiServer.url }, currentContext: "admin" };
  folder = mkdtempSync(join(tmpdir(), "kubectl-verify-"));
  writeKubeconfig(ca.pem);
});
after(async () => {
  await apiServer.close();
  await entra.close();
  rmSync(folder, { recursive: true });
});

/** Accepts the administrator, and access tokens of Entra for AKS, as an API server of AKS does. */
async function authenticate(token: string): Promise<string | undefined> {
  if (token === ADMIN_TOKEN) return USER;
  const keys = await entra.emulator.fetch(
    `${entra.environment.AZURE_AUTHORITY_HOST}common/discovery/v2.0/keys`,
  );
  try {
    const jwks: JSONWebKeySet = await keys.json();
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { audience: AKS_SERVER });
    accepted.push(payload.appid ?? payload.azp);
    return USER;
  } catch {
    return undefined;
  }
}

/** Contexts: `admin` has a static token, `stranger` a wrong one, and the others call this command. */
function writeKubeconfig(ca: string): void {
  const plugin = join(folder, "workload-id");
  const line = commandLine(CLI).map((word) => `'${word}'`).join(" ");
  writeFileSync(plugin, `#!/bin/sh\nexec ${line} "$@"\n`);
  chmodSync(plugin, 0o755);
  const exec = (version: string, changes: Record<string, string> = {}) => ({
    exec: {
      apiVersion: `client.authentication.k8s.io/${version}`,
      command: plugin,
      args: ["token", "--exec-credential"],
      interactiveMode: "Never",
      env: Object.entries({ ...entra.environment, ...changes }).map(([name, value]) => ({ name, value })),
    },
  });
  const users = {
    admin: { token: ADMIN_TOKEN },
    v1: exec("v1"),
    v1beta1: exec("v1beta1"),
    broken: exec("v1beta1", { AZURE_FEDERATED_TOKEN_FILE: "/nowhere" }),
    stranger: { token: "no" },
  };
  writeFileSync(
    join(folder, "config"),
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "admin",
      clusters: [{ name: "c", cluster: { server: apiServer.url, "certificate-authority-data": btoa(ca) } }],
      users: Object.entries(users).map(([name, user]) => ({ name, user })),
      contexts: Object.keys(users).map((name) => ({ name, context: { cluster: "c", user: name } })),
    }),
  );
}

interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `kubectl`, or another program with its configuration. Not synchronously: this process is the API server. */
async function kubectl(program: string, args: readonly string[]): Promise<Printed> {
  const command = new Deno.Command(program, {
    args: [...args],
    env: { KUBECONFIG: join(folder, "config"), HOME: folder },
  });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Registers tests that need a program. Without it they are not counted, and the reason is printed. */
function testsWith(program: string | undefined, reason: string, tests: (program: string) => void): void {
  if (program === undefined) console.log(`skipped: ${reason}`);
  else tests(program);
}

/** The machine's own kubectl, if it can create tokens. */
function findCurrentKubectl(): string | undefined {
  try {
    const version = execFileSync("kubectl", ["version", "--client", "--output", "json"], { stdio: "pipe" });
    return parseInt(JSON.parse(version.toString()).clientVersion.minor) >= 24 ? "kubectl" : undefined;
  } catch {
    return undefined;
  }
}

function runCli(args: string[]): Promise<Printed> {
  const env = { KUBECONFIG: join(folder, "config"), HOME: folder, PATH: process.env.PATH! };
  return runChild(CLI, { args, env });
}

/** Returns the relevant parts of a response: exit code, objects without what clients add, claims without IDs, the finding. */
function reduce({ code, stdout, stderr }: Printed): unknown {
  if (code !== 0) return [code, explainKubectlError({ kubectl: "kubectl", stderr }).diagnosis];
  if (/^eyJ/.test(stdout)) {
    const { jti: _jti, exp: _exp, iat: _iat, nbf: _nbf, ...claims } = decodeJwt(stdout.trim());
    return claims;
  }
  if (!stdout.startsWith("{")) return stdout;
  const { metadata, items, apiVersion: _version, kind: _kind, ...rest } = JSON.parse(stdout);
  const list = items?.map(({ apiVersion: _version, kind: _kind, ...item }: Record<string, unknown>) => item);
  return { ...rest, ...(list ? { items: list } : { metadata }) };
}

testsWith(
  existsSync(DEBIAN) ? DEBIAN : undefined,
  `.cache/kubectl is missing; .ci/run downloads Debian's package kubernetes-client and unpacks it there`,
  (program) => {
    test("Debian's kubectl 1.20 signs in with the exec plugin, and the API server verifies the token", async () => {
      assert.match((await kubectl(program, ["version", "--client"])).stdout, /GitVersion:"v1\.20\./);
      accepted.length = 0;
      const { code, stdout, stderr } = await kubectl(program, [
        "--context",
        "v1beta1",
        "get",
        "pods",
        "-n",
        "shop",
      ]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^checkout-6d4b75cb6d-x2x7k /m);
      assert.ok(accepted.length > 0);
      assert.deepEqual(new Set(accepted), new Set([entra.application.clientId]));
    });

    test("Debian's kubectl 1.20 shows why the exec plugin failed", async () => {
      const { code, stdout, stderr } = await kubectl(program, [
        "--context",
        "broken",
        "get",
        "pods",
        "-n",
        "shop",
      ]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /workload-id: .+\/nowhere/);
    });

    test("Debian's kubectl 1.20 cannot create tokens, and the command reports it", async () => {
      const { code, stdout, stderr } = await runCli([
        ...["run", "--kubectl", program, "--service-account", "shop/checkout", "--", "echo", "ran"],
      ]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /unknown flag: --audience/);
      assert.match(stderr, /requires version 1\.24 or later/);
    });
  },
);

testsWith(findCurrentKubectl(), "this machine has no kubectl 1.24 or later", (program) => {
  test("a current kubectl signs in with the exec plugin in both versions of its API", async () => {
    for (const version of ["v1", "v1beta1"]) {
      accepted.length = 0;
      const { code, stderr } = await kubectl(program, ["--context", version, "get", "pods", "-n", "shop"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(new Set(accepted), new Set([entra.application.clientId]));
    }
  });

  test("the fake kubectl prints what a current one prints, and fails as it does", async () => {
    const original = cluster;
    const all = [
      "create serviceaccounts/token",
      "get serviceaccounts",
      "get pods",
      "list mutatingwebhookconfigurations",
    ];
    const token = ["--audience", "api://AzureADTokenExchange", "--duration", "3600s"];
    const calls: [args: string[], changes?: Partial<FakeCluster>][] = [
      [["get", "serviceaccount", "checkout", "-n", "shop", "-o", "json"]],
      [["get", "serviceaccount", "gone", "-n", "shop", "-o", "json"]],
      [["get", "serviceaccount", "checkout", "-n", "nowhere", "-o", "json"]],
      [["get", "serviceaccount", "checkout", "-n", "shop", "-o", "json"], { forbidden: all }],
      [["get", "pod", "checkout-6d4b75cb6d-x2x7k", "-n", "shop", "-o", "json"]],
      [["get", "pod", "gone", "-n", "shop", "-o", "json"]],
      [["get", "pod", "checkout", "-n", "shop", "-o", "json"], { forbidden: all }],
      [["get", "mutatingwebhookconfigurations", "-o", "json"]],
      [["get", "mutatingwebhookconfigurations", "-o", "json"], { forbidden: all }],
      [["get", "--raw", "/.well-known/openid-configuration"]],
      [["get", "--raw", "/.well-known/openid-configuration"], {
        forbidden: ["get /.well-known/openid-configuration"],
      }],
      [["create", "token", "checkout", "-n", "shop", ...token]],
      [["create", "token", "gone", "-n", "shop", ...token]],
      [["create", "token", "checkout", "-n", "shop", ...token], { forbidden: all }],
      [["config", "current-context"]],
      [["--context", "nowhere", "get", "pod", "x", "-n", "shop", "-o", "json"]],
    ];
    for (const [args, changes] of calls) {
      cluster = { ...original, ...changes };
      const real: Printed = await kubectl(program, args);
      const fake: Printed = await handleKubectl(cluster, args);
      assert.deepEqual(reduce(fake), reduce(real), args.join(" "));
    }
    cluster = original;
  });

  test("a current kubectl: a program runs with the identity of the service account", async () => {
    const authority = ["--authority", entra.environment.AZURE_AUTHORITY_HOST!];
    const token = commandLine(CLI, { args: ["token", "--scope", "https://vault.azure.net/.default"] });
    const { code, stdout, stderr } = await runCli([
      ...["run", "--service-account", "shop/checkout", ...authority, "--", ...token],
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(decodeJwt(stdout.trim()).aud, "https://vault.azure.net");
    assert.match(stderr, new RegExp(`cluster +${apiServer.url} \\(context admin\\)`));
  });

  test("a current kubectl: doctor examines a pod", async () => {
    const authority = ["--authority", entra.environment.AZURE_AUTHORITY_HOST!];
    const { code, stdout } = await runCli([
      "doctor",
      "--pod",
      "shop/checkout-6d4b75cb6d-x2x7k",
      ...authority,
    ]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^passed {7}access token /m);
    const stranger = await runCli(["doctor", "--service-account", "shop/checkout", "--context", "stranger"]);
    assert.match(stranger.stdout, /^failed {7}cluster .+must be logged in to the server/m);
  });

  test("kubectl accepts the printed commands that grant a right", async () => {
    for (
      const stderr of [
        `serviceaccounts "checkout" is forbidden: User "o'neil@x" cannot create resource "serviceaccounts/token" in API group "" in the namespace "shop"`,
        `x is forbidden: User "system:serviceaccount:ci:robot" cannot list resource "mutatingwebhookconfigurations" in API group "admissionregistration.k8s.io" at the cluster scope`,
        `forbidden: User "dev" cannot get path "/.well-known/openid-configuration"`,
      ]
    ) {
      const commands: readonly string[] =
        explainKubectlError({ kubectl: program, stderr }).diagnosis.commands;
      assert.ok(commands.length > 0);
      for (const line of commands) {
        const { code, stderr }: Printed = await kubectl("sh", ["-c", `${line} --dry-run=client -o yaml`]);
        assert.equal(code, 0, stderr);
      }
    }
  });
});
