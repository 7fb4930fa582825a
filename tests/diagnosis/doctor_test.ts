/** The command's word on every misconfiguration, which must be the library's. */
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

    const told = await runCommand(args, { runtime: (await setUp(setup)).runtime });
    assert.equal(told.code, 1);
    const lines = told.stdout.split("\n");
    const at = lines.findIndex((line) => line.startsWith("failed "));
    assert.ok(lines[at]!.startsWith(`failed       ${expected.check}`), lines[at]);
    assert.match(lines[at + 1]!, /^ {13}Cause: /);
    assert.match(lines[at + 2]!, /^ {13}Fix: /);
    for (const secret of secrets) assert.ok(!`${stdout}${told.stdout}`.includes(secret), `${secret} is told`);
    assert.doesNotMatch(stdout, /\{\w+\}|undefined/);
  });
}

test("doctor finds nothing where there is nothing", async () => {
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
  ]);
  for (const secret of secrets) assert.ok(!stdout.includes(secret));
  assert.doesNotMatch(stdout, /[^\P{Cc}\n]|eyJ/u);
});
