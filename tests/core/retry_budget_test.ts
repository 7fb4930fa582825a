import assert from "node:assert/strict";
import { test } from "node:test";
import { RetryBudget } from "../../src/core/failure/retry_budget.ts";

const MINUTE = 60_000;
const STEP = 90_000;

/** Spends until nothing is left, and returns how many retries were paid. */
function drain(budget: RetryBudget, now: number): number {
  for (let paid = 0;; paid++) if (budget.spend(now) !== "paid") return paid;
}

test("it begins with the retries of two exchanges", () => {
  for (const maxRetries of [0, 1, 3, 100]) {
    assert.equal(drain(new RetryBudget(maxRetries, 0), 0), 2 * maxRetries);
  }
});

test("time adds a retry every 90 seconds, up to the initial number", () => {
  const budget = new RetryBudget(3, 0);
  drain(budget, 0);
  assert.equal(drain(budget, STEP - 1), 0);
  assert.equal(drain(budget, STEP), 1);
  assert.equal(drain(budget, 4 * STEP), 3);
  assert.equal(drain(budget, 24 * 60 * MINUTE), 6);
});

test("each success adds a retry, up to 100, and time removes those beyond the initial number", () => {
  const budget = new RetryBudget(3, 0);
  drain(budget, 0);
  budget.noteSuccess(0);
  budget.noteSuccess(0);
  assert.equal(drain(budget, 0), 2);
  for (let success = 0; success < 1000; success++) budget.noteSuccess(0);
  assert.equal(drain(budget, 0), 100);
  for (let success = 0; success < 20; success++) budget.noteSuccess(0);
  assert.equal(drain(budget, 4 * STEP), 16);
  for (let success = 0; success < 20; success++) budget.noteSuccess(4 * STEP);
  assert.equal(drain(budget, 24 * 60 * MINUTE), 6);
});

test("it reports once that it is exhausted, until a retry is paid again", () => {
  const budget = new RetryBudget(1, 0);
  const spend = (now: number) => budget.spend(now);
  assert.deepEqual([0, 0, 0, 1].map(spend), ["paid", "paid", "exhausted", undefined]);
  budget.noteSuccess(2);
  assert.deepEqual([2, 2, 2].map(spend), ["paid", "exhausted", undefined]);
});
