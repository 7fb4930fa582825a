import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/core/failure.ts";
import { retryAfterSpread, retryDelay } from "../../src/core/failure/retry_policy.ts";

const RULES = { maxRetries: 10, retryDelayInMs: 1000, maxRetryDelayInMs: 5000 };
const failure = new Failure("network_failed", "no way");

test("the wait doubles up to the longest, less a random part of up to half", () => {
  const waits = (random: number) =>
    [0, 1, 2, 3, 9].map((retries) => retryDelay(failure, retries, RULES, true, random));
  assert.deepEqual(waits(0), [500, 1000, 2000, 2500, 2500]);
  assert.deepEqual(waits(1), [1000, 2000, 4000, 5000, 5000]);
});

test("up to half of a Retry-After is added to it, within the longest wait", () => {
  assert.equal(retryAfterSpread(2000, RULES, 0), 0);
  assert.equal(retryAfterSpread(2000, RULES, 0.5), 500);
  assert.equal(retryAfterSpread(2000, RULES, 1), 1000);
  assert.equal(retryAfterSpread(4500, RULES, 1), 500);
});

test("there are no more retries than the rules allow", () => {
  assert.equal(retryDelay(failure, 10, RULES, true, 0), undefined);
});

test("700016 is retried only before the first success", () => {
  const unknown = new Failure("entra_rejected", "rejected", {
    errorResponse: { error: "unauthorized_client", errorCodes: [700016] },
  });
  assert.equal(retryDelay(unknown, 0, RULES, false, 0), 500);
  assert.equal(retryDelay(unknown, 0, RULES, true, 0), undefined);
});
