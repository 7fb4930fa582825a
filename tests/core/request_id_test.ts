import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequestId } from "../../src/core/acquisition/token_endpoint.ts";

for (
  const [random, id] of [
    [0, "00000000-0000-4000-8000-000000000000"],
    [0.5, "80000000-8000-4800-a800-800000000000"],
    [1 - 2 ** -52, "ffffffff-ffff-4fff-bfff-ffffffffffff"],
  ] as const
) {
  test(`the request ID for the random number ${random} is a version 4 UUID`, () => {
    assert.equal(createRequestId(() => random), id);
  });
}
