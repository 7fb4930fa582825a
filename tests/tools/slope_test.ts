import assert from "node:assert/strict";
import { test } from "node:test";
import { fitSlope } from "../../tools/slope.ts";

test("points on a line give its slope, without error", () => {
  const { slope, error } = fitSlope([[0, 5], [1, 8], [3, 14], [10, 35]]);
  assert.ok(Math.abs(slope - 3) < 1e-9);
  assert.ok(error < 1e-9);
});

test("noise has the slope and the standard error that textbooks give", () => {
  const { slope, error } = fitSlope([[1, 2], [2, 4], [3, 5], [4, 4], [5, 5]]);
  assert.ok(Math.abs(slope - 0.6) < 1e-9);
  assert.ok(Math.abs(error - Math.sqrt(0.08)) < 1e-9);
});
