import assert from "node:assert/strict";
import { test } from "node:test";
import { runChild } from "../support/child.ts";

test("a cluster in memory needs no permission, and importing it loads no server", async () => {
  const { code, stdout, stderr } = await runChild("tests/testing/programs/in_memory.ts", { permissions: [] });
  assert.equal(code, 0, stderr);
  const { servers, livesForMs } = JSON.parse(stdout);
  assert.deepEqual(servers, []);
  assert.ok(livesForMs > 3_590_000 && livesForMs <= 3_600_000);
});

test("with a manual clock, all modules are loaded when the cluster is created", async () => {
  const { stdout, stderr } = await runChild("tests/testing/programs/first_call.ts");
  assert.equal(stdout, "given after 2 requests\n", stderr);
});
