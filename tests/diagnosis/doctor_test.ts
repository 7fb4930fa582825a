/** `doctor` in a pod diagnoses every misconfiguration as the library does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "../cli/terminal.ts";
import { MISCONFIGURATIONS } from "./misconfigurations.ts";
import { setUp } from "./pod.ts";

for (const [what, setup, expected] of MISCONFIGURATIONS) {
  test(`${what}: doctor fails at "${expected.check}" and says ${expected.name}`, async () => {
    const { runtime, secrets } = await setUp(setup);
    const args = [
      "doctor",
      ...(setup.options?.enableAzureProxy ? ["--azure-proxy"] : []),
      ...(setup.scope === undefined ? [] : ["--scope", [setup.scope].flat().join(" ")]),
    ];
    const { code, stdout, stderr } = await runCommand([...args, "--json"], { runtime });
    assert.equal(stderr, "");
    assert.equal(code, 1);
    const { isWell, checks } = JSON.parse(stdout);
    assert.equal(isWell, false);
    const bad = checks.filter((check: { status: string }) => check.status === "failed");
    assert.deepEqual(bad.map(({ name }: { name: string }) => name), [expected.check], stdout);
    const [{ code: errorCode, diagnosis, summary }] = bad;
    assert.equal(errorCode, expected.code);
    assert.equal(diagnosis.name, expected.name);
    assert.match(`${diagnosis.cause} ${summary}`, expected.cause);
    assert.match(diagnosis.fix, expected.fix);
    if (expected.also) {
      assert.match([...diagnosis.commands, ...diagnosis.notes].join("\n"), expected.also);
    }

    const text = await runCommand(args, { runtime: (await setUp(setup)).runtime });
    assert.equal(text.code, 1);
    const lines = text.stdout.split("\n");
    const at = lines.findIndex((line) => line.startsWith("failed "));
    assert.ok(lines[at]!.startsWith(`failed       ${expected.check}`), lines[at]);
    assert.match(lines[at + 1]!, /^ {13}Cause: /);
    assert.match(lines[at + 2]!, /^ {13}Fix: /);
    assert.match(text.stdout, /\n1 problem/);
    for (const secret of secrets) assert.ok(!`${stdout}${text.stdout}`.includes(secret), secret);
    assert.doesNotMatch(stdout, /\{\w+\}|undefined/);
  });
}

test("doctor has no finding in a pod that works", async () => {
  const { runtime, secrets } = await setUp({});
  const { code, stdout, stderr } = await runCommand(["doctor"], { runtime });
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => line.slice(0, 27).trimEnd()), [
    "passed       variables",
    "passed       token file",
    "passed       assertion",
    "passed       authority",
    "passed       issuer",
    "passed       exchange",
    "passed       access token",
    "",
    "no problems",
  ]);
  for (const secret of secrets) assert.ok(!stdout.includes(secret));
  assert.doesNotMatch(stdout, /[^\P{Cc}\n]|eyJ/u);
});

test("a token file that is itself a mount point is reported: with subPath it is never rotated", async () => {
  const { runtime } = await setUp({});
  const mounts = [
    "22 28 0:21 / /proc rw,nosuid - proc proc rw",
    "1502 1490 0:112 /..2030/azure-identity-token /run/a\\040b/token ro,relatime - tmpfs tmpfs rw,size=1k",
    "",
  ].join("\n");
  const examine = async (realPath: string) => {
    const readTextFile: typeof runtime.readTextFile = (file, most) =>
      file === "/proc/self/mountinfo" ? Promise.resolve(mounts) : runtime.readTextFile(file, most);
    const { stdout } = await runCommand(["doctor", "--json"], {
      realPath,
      runtime: { ...runtime, readTextFile },
    });
    return JSON.parse(stdout).checks[1];
  };
  // The variable names a path below /var/run, which is a link to /run in many images.
  const mounted = await examine("/run/a b/token");
  assert.deepEqual([mounted.status, mounted.diagnosis.name], ["warned", "token_sub_path"]);
  assert.match(mounted.summary, /^\/var\/run\/.+ is mounted with subPath/);
  for (const regular of ["/run/b/token", "/run/..data/token", "/run/..2030"]) {
    assert.match((await examine(regular)).summary, /is a regular file/);
  }
});

test("a token issued in the future is reported", async () => {
  const { runtime } = await setUp({ token: { issuedAt: Date.now() + 10 * 60_000, claims: { nbf: 0 } } });
  const { stdout } = await runCommand(["doctor"], { runtime });
  assert.match(stdout, /^warned {7}token file .+, issued (9 min 5\d s|10 min) in the future$/m);
});

test("a proxy that this runtime does not use is named, as getToken does", async () => {
  const network = new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") });
  const { runtime } = await setUp({ network });
  const describeIgnoredProxy = () => "HTTPS_PROXY is set, and this runtime does not use it.";
  const { stdout } = await runCommand(["doctor"], { runtime: { ...runtime, describeIgnoredProxy } });
  assert.match(stdout, /^failed {7}authority .+\n {13}Cause: .+\n {13}Fix: HTTPS_PROXY is set/m);
});

test("on a terminal, doctor shows the running check, and wraps to the width; commands stay on one line", async () => {
  const { runtime } = await setUp({ trusts: null });
  const { stdout } = await runCommand(["doctor"], { runtime, isTerminal: true, columns: 80 });
  assert.ok(stdout.includes("checking variables ...") && stdout.includes("\r\x1b[K"));
  // deno-lint-ignore no-control-regex
  const lines = stdout.replace(/.*\r/g, "").replace(/\x1b\[\w+/g, "").split("\n");
  const long = lines.filter((line) =>
    line.length > 80 && !/^ {15}az /.test(line) && !/^ {13}https:\S+$/.test(line)
  );
  assert.deepEqual(long.filter((line) => line.trim().includes(" ")), []);
  assert.ok(lines.some((line) => line.length > 80 && line.startsWith(`${" ".repeat(15)}az identity`)));
  assert.ok(lines.some((line) => /^ {27}\S/.test(line)), "summaries continue below their start");
});

test("on Windows, printed commands are for PowerShell", async () => {
  const { runtime } = await setUp({ trusts: null });
  const { stdout } = await runCommand(["doctor"], { runtime, platform: "win32" });
  assert.match(stdout, /az identity list --query '\[\?clientId==''11111111-\S+''\]\.\[name,resourceGroup\]'/);
});
