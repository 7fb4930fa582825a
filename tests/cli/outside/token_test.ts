/** `workload-id token --service-account` and `--exec-credential`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeJwt } from "jose";
import { setUp as setUpPod } from "../../diagnosis/pod.ts";
import { type Outcome, runCommand } from "../terminal.ts";
import { type Machine, setUp } from "./setup.ts";

const SCOPE = ["--scope", "https://vault.azure.net/.default"];
const ACCOUNT = ["--service-account", "shop/checkout"];
const EXEC = ["token", "--exec-credential"];
const AKS = "6dae42f8-4368-4678-94ff-3960e28e3630";

function execInfo(apiVersion: string): string {
  return JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false } });
}

async function execInPod(info: string | undefined, args: string[] = []): Promise<Outcome> {
  const { runtime } = await setUpPod({});
  const env = (name: string) => name === "KUBERNETES_EXEC_INFO" ? info : runtime.env(name);
  return await runCommand([...EXEC, ...args], { runtime: { ...runtime, env } });
}

function token(machine: Machine, args: string[]): Promise<Outcome> {
  return runCommand(["token", ...args], machine);
}

test("a service account's access token is printed alone", async () => {
  const machine = await setUp();
  const { code, stdout, stderr } = await token(machine, [...ACCOUNT, ...SCOPE]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(decodeJwt(stdout.trim()).aud, "https://vault.azure.net");
});

test("the created token is not printed if Entra rejects it; the fix is", async () => {
  const machine = await setUp({ trusts: { subject: "system:serviceaccount:shop:other" } });
  const { code, stdout, stderr } = await token(machine, [...ACCOUNT, ...SCOPE]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /AADSTS700213[^]+az identity federated-credential create/);
  assert.ok(machine.secrets.length > 1);
  for (const secret of machine.secrets) assert.ok(!stderr.includes(secret));
});

test("the token is sent to the authority of the command line only", async () => {
  const machine = await setUp({ env: { AZURE_AUTHORITY_HOST: "https://login.evil.example/" } });
  assert.equal((await token(machine, [...ACCOUNT, ...SCOPE])).code, 0);
  assert.deepEqual([...machine.hosts].filter((host) => !host.includes("oic")), ["login.microsoftonline.com"]);
});

test("a rejection by kubectl is explained", async () => {
  const machine = await setUp({ cluster: { forbidden: ["create serviceaccounts/token"] } });
  const { code, stdout, stderr } = await token(machine, [...ACCOUNT, ...SCOPE]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^workload-id: failed to create token: .+ is forbidden/);
  assert.match(stderr, /\n {4}kubectl create rolebinding /);
});

for (const version of ["v1", "v1beta1"]) {
  test(`an exec plugin responds in ${version}, and prints nothing else`, async () => {
    const apiVersion = `client.authentication.k8s.io/${version}`;
    const { code, stdout, stderr } = await execInPod(execInfo(apiVersion));
    assert.deepEqual([code, stderr], [0, ""]);
    const { status, ...rest } = JSON.parse(stdout);
    assert.deepEqual(rest, { apiVersion, kind: "ExecCredential" });
    assert.deepEqual(Object.keys(status), ["token", "expirationTimestamp"]);
    assert.equal(decodeJwt(status.token).aud, AKS);
    assert.match(status.expirationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(Date.parse(status.expirationTimestamp) > Date.now());
  });
}

test("the scope of an exec plugin can be another one", async () => {
  const { stdout } = await execInPod(execInfo("client.authentication.k8s.io/v1"), SCOPE);
  assert.equal(decodeJwt(JSON.parse(stdout).status.token).aud, "https://vault.azure.net");
});

for (
  const [what, info, args, says] of [
    ["no KUBERNETES_EXEC_INFO", undefined, [], /KUBERNETES_EXEC_INFO is not set/],
    [
      "an old version",
      execInfo("client.authentication.k8s.io/v1alpha1"),
      [],
      /asks for .+v1alpha1: set apiVersion to/,
    ],
    ["something else", "hello", [], /is not an ExecCredential/],
    [
      "another format",
      execInfo("client.authentication.k8s.io/v1"),
      ["--output", "json"],
      /omit --output/,
    ],
    [
      "a service account, which would call itself",
      execInfo("client.authentication.k8s.io/v1"),
      ACCOUNT,
      /pass --kubeconfig or --context/,
    ],
  ] as const
) {
  test(`an exec plugin with ${what} is a usage error, with nothing on the standard output`, async () => {
    const { code, stdout, stderr } = await execInPod(info, [...args]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, says);
  });
}

test("an exec plugin for a service account uses another kubeconfig, and notices if that calls it again", async () => {
  const env = { KUBERNETES_EXEC_INFO: execInfo("client.authentication.k8s.io/v1") };
  const args = [...EXEC, ...ACCOUNT, "--kubeconfig", "admin.conf"];
  const machine = await setUp({ env });
  const changes: unknown[] = [];
  const programs = {
    ...machine.programs,
    capture: (command: readonly string[], options: { changes?: Record<string, string | undefined> } = {}) => {
      changes.push(options.changes);
      return machine.programs.capture(command, options);
    },
  };
  const { code, stdout } = await runCommand(args, { ...machine, programs });
  assert.equal(code, 0);
  assert.equal(decodeJwt(JSON.parse(stdout).status.token).aud, AKS);
  assert.ok(changes.length > 0);
  const [marked] = changes as [Record<string, string>];
  assert.deepEqual(changes, changes.map(() => marked));

  const again = await runCommand(args, await setUp({ env: { ...env, ...marked } }));
  assert.deepEqual([again.code, again.stdout], [2, ""]);
  assert.match(again.stderr, /calls this plugin again/);
});

for (
  const [args, says] of [
    [[...SCOPE, "--context", "x"], /--context needs --service-account/],
    [[...ACCOUNT], /--scope is missing/],
    [[...ACCOUNT, ...SCOPE, "--azure-proxy"], /works only in a pod/],
    [[...ACCOUNT, ...SCOPE, "--client", "$(id)"], /--client must be a GUID, but is '\$\(id\)'/],
  ] as const
) {
  test(`token ${args.join(" ")} is a usage error`, async () => {
    const { code, stdout, stderr } = await token(await setUp(), [...args]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, says);
  });
}

test("a service account's token is printed to a terminal only on request", async () => {
  const { code, stdout } = await runCommand(["token", ...ACCOUNT, ...SCOPE], {
    ...await setUp(),
    isTerminal: true,
  });
  assert.deepEqual([code, stdout], [2, ""]);
});
