import assert from "node:assert/strict";
import { test } from "node:test";
import { drawPlan } from "./draw_plan.ts";
import { simulate } from "./simulation.ts";
import { loadDiagnosis } from "../../src/core/acquisition/error_reporter.ts";

await loadDiagnosis();

test("sixty seeds violate no invariant", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const { violation, calls, requests } = await simulate(drawPlan(seed));
    assert.equal(violation, undefined, `seed ${seed}: ${violation?.invariant}: ${violation?.what}`);
    assert.ok(calls > 20 && requests > 0, `seed ${seed} is empty`);
  }
});

test("a seed always has the same history, recorded or not", async () => {
  const first = await simulate(drawPlan(7), true);
  assert.ok(first.lines.length > 100);
  assert.deepEqual((await simulate(drawPlan(7), true)).lines, first.lines);
  assert.equal((await simulate(drawPlan(7))).digest, first.digest);
  assert.notEqual((await simulate(drawPlan(8))).digest, first.digest);
});
