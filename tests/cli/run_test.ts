/** `workload-id run` as a process, with a fake `kubectl` and programs below it. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { decodeJwt } from "jose";
import { type ChildOptions, type ChildOutcome, runChild } from "../support/child.ts";
import { CONTEXT, createFakeCluster, type FakeCluster, SERVER } from "../support/kubernetes/fake_cluster.ts";
import { handleKubectl } from "../support/kubernetes/fake_kubectl.ts";
import { createKubectlProgram, type KubectlProgram } from "../support/kubernetes/kubectl_program.ts";
import { CLIENT_ID, serviceAccount, TENANT_ID } from "../support/kubernetes/objects.ts";

let cluster: FakeCluster;
let kubectl: KubectlProgram;
let temporary: string;

before(async () => {
  cluster = await createFakeCluster({
    serviceAccounts: [
      serviceAccount(),
      serviceAccount(undefined, { name: "robot", namespace: "kube-system" }),
      serviceAccount({}, { name: "plain" }),
      serviceAccount({ "azure.workload.identity/client-id": "$(touch /tmp/x)\u001b[2J\n" }, { name: "evil" }),
    ],
  });
  kubectl = await createKubectlProgram((args) => handleKubectl(cluster, args));
  temporary = mkdtempSync(join(tmpdir(), "run-test-"));
});
after(async () => {
  await kubectl.close();
  rmSync(temporary, { recursive: true });
});

function runAs(account: string, args: string[], options: ChildOptions = {}): Promise<ChildOutcome> {
  return runChild("src/cli/mod.ts", {
    ...options,
    args: ["run", "--service-account", account, ...args],
    env: { PATH: `${kubectl.folder}:${process.env.PATH}`, TMPDIR: temporary, ...options.env },
  });
}

function leftovers(): string[] {
  return readdirSync(temporary);
}

test("a program runs with the identity of the service account, and its exit code is returned", async () => {
  const script = 'cat "$AZURE_FEDERATED_TOKEN_FILE"; env | grep ^AZURE_ | sort; exit 7';
  const { code, stdout } = await runAs("shop/checkout", ["--", "sh", "-c", script]);
  assert.equal(code, 7);
  const [, token, variables] = /^(eyJ[\w.-]+)(AZURE_[^]+)$/.exec(stdout)!;
  const claims = decodeJwt(token!);
  assert.equal(claims.sub, "system:serviceaccount:shop:checkout");
  assert.deepEqual(claims.aud, ["api://AzureADTokenExchange"]);
  assert.match(
    variables!,
    new RegExp(
      "^AZURE_AUTHORITY_HOST=https://login\\.microsoftonline\\.com/\n" +
        `AZURE_CLIENT_ID=${CLIENT_ID}\nAZURE_FEDERATED_TOKEN_FILE=.+/azure-identity-token\nAZURE_TENANT_ID=${TENANT_ID}\n$`,
    ),
  );
  assert.deepEqual(leftovers(), []);
});

test("a banner names cluster, account and identity before the program starts; the token is not in it", async () => {
  const { stderr } = await runAs("shop/checkout", ["--", "sh", "-c", "echo started >&2"]);
  assert.equal(
    stderr,
    `Running with the identity of a service account:
  cluster          ${SERVER} (context ${CONTEXT})
  service account  shop/checkout
  client           ${CLIENT_ID}
  tenant           ${TENANT_ID}
  authority        https://login.microsoftonline.com
started
`,
  );
});

test("the first word that is not an option starts the program, with all its options", async () => {
  const { code, stdout } = await runAs("shop/checkout", ["echo", "--help", "--yes", "a b", "$HOME"]);
  assert.deepEqual([code, stdout], [0, "--help --yes a b $HOME\n"]);
});

test("the folder has mode 0700, the token file 0600, and the token is in no argument and no variable", async () => {
  const script = `umask 000
    ls -ld "$(dirname "$(dirname "$AZURE_FEDERATED_TOKEN_FILE")")" | cut -c 1-10
    ls -lL "$AZURE_FEDERATED_TOKEN_FILE" | cut -c 1-10
    grep -lsF -f "$AZURE_FEDERATED_TOKEN_FILE" /proc/[0-9]*/cmdline /proc/[0-9]*/environ`;
  const { stdout } = await runAs("shop/checkout", ["--", "sh", "-c", script]);
  assert.equal(stdout, "drwx------\n-rw-------\n");
});

test("secrets of other credentials are not passed on; other variables are", async () => {
  const env = {
    AZURE_CLIENT_SECRET: "hush",
    AZURE_CLIENT_CERTIFICATE_PATH: "hush",
    AZURE_PASSWORD: "hush",
    AZURE_USERNAME: "kept",
  };
  const { stdout } = await runAs("shop/checkout", ["--", "env"], { env });
  assert.doesNotMatch(stdout, /hush/);
  assert.match(stdout, /^AZURE_USERNAME=kept$/m);
});

test("the authority comes from the command line alone", async () => {
  const authorityOf = async (args: string[], env: Record<string, string> = {}) => {
    const { stdout } = await runAs("shop/checkout", [...args, "--", "printenv", "AZURE_AUTHORITY_HOST"], {
      env,
    });
    return stdout.trim();
  };
  const elsewhere = { AZURE_AUTHORITY_HOST: "https://elsewhere.example/" };
  assert.equal(await authorityOf([], elsewhere), "https://login.microsoftonline.com/");
  assert.equal(await authorityOf(["--authority", "azuregovernment"]), "https://login.microsoftonline.us/");
  assert.equal(await authorityOf(["--authority", "https://login.example/x/"]), "https://login.example/x/");
});

test("--client and --tenant are used instead of the annotations, which are then not read", async () => {
  const before = kubectl.calls.length;
  const ids = ["--client", "22222222-2222-3333-4444-555555555555", "--tenant", "contoso.example"];
  const { stdout } = await runAs("shop/plain", [
    ...ids,
    "--",
    "sh",
    "-c",
    'echo "$AZURE_CLIENT_ID $AZURE_TENANT_ID"',
  ]);
  assert.equal(stdout, "22222222-2222-3333-4444-555555555555 contoso.example\n");
  assert.deepEqual(kubectl.calls.slice(before).map(([verb]) => verb), ["config", "config", "create"]);
});

test("--kubectl, --context and --kubeconfig choose the cluster", async () => {
  const before = kubectl.calls.length;
  const choice = ["--kubectl", kubectl.path, "--context", CONTEXT, "--kubeconfig", "/k"];
  const { code } = await runAs("shop/checkout", [...choice, "--", "true"], {
    env: { PATH: "/usr/bin:/bin" },
  });
  assert.equal(code, 0);
  for (const call of kubectl.calls.slice(before)) {
    assert.deepEqual(call.slice(0, 4), ["--kubeconfig", "/k", "--context", CONTEXT]);
  }
});

test("an annotation that is not a GUID is shown without control characters, and nothing is run", async () => {
  const { code, stdout, stderr } = await runAs("shop/evil", ["--", "echo", "ran"]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.doesNotMatch(stderr, /[^\P{Cc}\n]/u);
  assert.match(stderr, /^workload-id: the annotation azure\.workload\.identity\/client-id is not a GUID\n/);
  assert.match(stderr, /kubectl annotate serviceaccount evil --namespace shop --overwrite/);
});

test("kube-system needs --yes", async () => {
  const rejected = await runAs("kube-system/robot", ["--", "echo", "ran"]);
  assert.deepEqual([rejected.code, rejected.stdout], [2, ""]);
  assert.match(rejected.stderr, /--yes/);
  const allowed = await runAs("kube-system/robot", ["--yes", "--", "echo", "ran"]);
  assert.deepEqual([allowed.code, allowed.stdout], [0, "ran\n"]);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} is passed on to the program, which decides; nothing is left`, async () => {
    const script = `trap 'echo heard; exit 5' ${signal.slice(3)}; echo ready; while :; do sleep 0.1; done`;
    let isSent = false;
    const { code, stdout } = await runAs("shop/checkout", ["--", "sh", "-c", script], {
      onOutput: (text, kill) => {
        if (!isSent && text.includes("ready")) kill(signal);
        isSent ||= text.includes("ready");
      },
    });
    assert.deepEqual([code, stdout], [5, "ready\nheard\n"]);
    assert.deepEqual(leftovers(), []);
  });
}

test("nothing is left if the program crashes, or does not exist", async () => {
  assert.equal((await runAs("shop/checkout", ["--", "sh", "-c", "kill -SEGV $$"])).code, 139);
  assert.equal((await runAs("shop/checkout", ["--", "no-such-program"])).code, 127);
  assert.deepEqual(leftovers(), []);
});

test("after SIGKILL, the next run removes the folder; those of running processes and other machines stay", async () => {
  const script = 'echo "$AZURE_FEDERATED_TOKEN_FILE"; while :; do sleep 0.1; done';
  let path = "";
  await runAs("shop/checkout", ["--", "sh", "-c", `echo $$; ${script}`], {
    onOutput: (text, kill) => {
      const [child, file] = text.trim().split("\n");
      if (path || file === undefined) return;
      path = dirname(dirname(file));
      kill("SIGKILL");
      process.kill(Number(child), "SIGKILL");
    },
  });
  assert.ok(existsSync(path), "SIGKILL leaves the folder");
  const host = hostname().replace(/[^\w.]/g, "_").slice(0, 60);
  const others = [
    `workload-id-run-${host}-${process.pid}-abc`,
    "workload-id-run-elsewhere-999999-abc",
    "workload-id-run-abc",
    "other",
  ];
  for (const name of others) mkdirSync(join(temporary, name));
  await runAs("shop/checkout", ["--", "true"]);
  assert.deepEqual(leftovers().sort(), others.sort());
  for (const name of others) rmSync(join(temporary, name), { recursive: true });
});

test("nothing is left if this program itself fails unexpectedly", async () => {
  const { code, stdout } = await runChild("tests/cli/failing_run.ts", { env: { TMPDIR: temporary } });
  assert.notEqual(code, 0);
  assert.match(stdout, /^drwx------ .+workload-id-run-/);
  assert.deepEqual(leftovers(), []);
});

test("a folder that cannot be created is an error, and nothing is run", async () => {
  const { code, stdout } = await runAs("shop/checkout", ["--", "echo", "ran"], {
    env: { TMPDIR: "/nowhere" },
  });
  assert.equal(code, 1);
  assert.equal(stdout, "");
});

test("kubectl's rejection becomes the role and the binding to apply", async () => {
  const original = cluster;
  cluster = { ...cluster, forbidden: ["create serviceaccounts/token"], user: "o'neil; rm -rf /" };
  const { code, stdout, stderr } = await runAs("shop/checkout", ["--", "echo", "ran"]);
  cluster = original;
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^workload-id: failed to create token: serviceaccounts "checkout" is forbidden: User/);
  assert.ok(
    stderr.includes(
      "    kubectl create role workload-id-create-serviceaccounts-token --verb create " +
        "--resource serviceaccounts/token --resource-name checkout --namespace shop\n" +
        "    kubectl create rolebinding workload-id-create-serviceaccounts-token " +
        "--role workload-id-create-serviceaccounts-token '--user=o'\\''neil; rm -rf /' --namespace shop\n",
    ),
    stderr,
  );
});

test("without kubectl, the error explains how to install it", async () => {
  const { code, stderr } = await runAs("shop/checkout", ["--", "echo", "ran"], { env: { PATH: "/nowhere" } });
  assert.equal(code, 1);
  assert.match(stderr, /^workload-id: kubectl was not found\n {2}Cause: kubectl is not on the PATH\.\n/);
});
