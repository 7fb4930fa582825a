/** Simulates 2,000 seeds on each runtime, which must all have the same histories. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../tools/run.ts";

const SEEDS = 2000;
const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  Deno: ["deno", "run", "-A"],
  Bun: ["bun"],
  Node: ["node", "--import=./tools/node_typescript/register.mjs", "--no-warnings"],
};

const outcomes = Object.entries(RUNTIMES).map(([runtime, command]) => {
  const outcome = run([...command, "tests/simulation/simulate.ts", "--seeds", String(SEEDS)]);
  return [runtime, outcome] as const;
});
const digests = new Map<string, string>();

for (const [runtime, outcome] of outcomes) {
  test(`${SEEDS} seeds keep every invariant on ${runtime}`, async () => {
    const { success, stdout, output } = await outcome;
    assert.ok(success, output);
    const summary = stdout.trimEnd().split("\n").at(-2)!;
    console.log(`${runtime}: ${summary}`);
    digests.set(runtime, /digest (\w+)$/.exec(summary)![1]!);
  });
}
test("a seed has the same history on all three runtimes", () => {
  assert.equal(digests.size, outcomes.length);
  assert.equal(new Set(digests.values()).size, 1, JSON.stringify([...digests]));
});
