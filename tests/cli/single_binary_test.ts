/** The command compiled to one program, the form in which it goes into a debug container. */
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ServedCluster, serveTestCluster } from "../../src/testing/mod.ts";
import { createFakeCluster } from "../support/kubernetes/fake_cluster.ts";
import { handleKubectl } from "../support/kubernetes/fake_kubectl.ts";
import { createKubectlProgram } from "../support/kubernetes/kubectl_program.ts";
import { serviceAccount } from "../support/kubernetes/objects.ts";

let folder: string;
let program: string;
let cluster: ServedCluster;

before(async () => {
  cluster = await serveTestCluster({ projectedToken: { namespace: "shop", serviceAccount: "checkout" } });
  folder = mkdtempSync(join(tmpdir(), "single-binary-"));
  program = join(folder, "workload-id");
  execFileSync("node_modules/.bin/bun", ["build", "--compile", "src/cli/mod.ts", "--outfile", program], {
    stdio: "pipe",
  });
});
after(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in an empty folder, with no variables but those given. */
function run(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) =>
    execFile(
      program,
      args,
      { cwd: folder, env, encoding: "utf8" },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  );
}

test("the executable has every command", async () => {
  const { code, stdout } = await run(["--help"]);
  assert.equal(code, 0);
  for (const name of ["doctor", "token", "inspect", "run", "emulator"]) {
    assert.match(stdout, new RegExp(`^  ${name} `, "m"));
  }
});

test("it examines a pod without a runtime", async () => {
  const { code, stdout, stderr } = await run(["doctor"], { ...cluster.environment });
  assert.deepEqual([code, stderr], [0, ""], stdout);
  assert.match(stdout, /^passed {7}access token /m);
});

test("it runs a program with the identity of a service account", async () => {
  const state = await createFakeCluster({ serviceAccounts: [serviceAccount()] });
  const kubectl = await createKubectlProgram((args) => handleKubectl(state, args));
  try {
    const args = ["run", "--service-account", "shop/checkout", "--", "printenv", "AZURE_AUTHORITY_HOST"];
    const { code, stdout } = await run(args, { PATH: `${kubectl.folder}:/usr/bin:/bin`, TMPDIR: folder });
    assert.deepEqual([code, stdout], [0, "https://login.microsoftonline.com/\n"]);
  } finally {
    await kubectl.close();
  }
});

const PROC = existsSync("/proc/self/environ");

test(
  "it examines a container through its process, with the lines of docs/command.md",
  { skip: !PROC },
  async () => {
    const [, lines] = /```sh\n(set -a\n[^]+?)```/.exec(readFileSync("docs/command.md", "utf8"))!;
    // The container's process has its variables; the debug container's shell has not.
    const script = `sleep 60 >/dev/null 2>&1 & pid=$!; unset $(env | grep -o '^AZURE_[A-Z_]*')\n` +
      lines!.replaceAll("/proc/1/", "/proc/$pid/").replace("/tmp/workload-id", program) + "kill $pid\n";
    const env = { PATH: "/usr/bin:/bin", TMPDIR: folder };
    const { stdout, stderr } = await run(["emulator", "--", "bash", "-c", script], env);
    assert.match(stdout, /^passed {7}token file {4}\/proc\/\d+\/root\/.+, projected by a kubelet/m, stderr);
    assert.match(stdout, /^passed {7}access token /m);
  },
);

test("it emulates a cluster and Entra", async () => {
  const env = { PATH: "/usr/bin:/bin", TMPDIR: folder };
  const { code, stdout, stderr } = await run(["emulator", "--https", "--", program, "doctor"], env);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^passed {7}access token /m);
});
