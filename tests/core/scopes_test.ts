import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScopes, scopesKey } from "../../src/core/acquisition/get_token_call.ts";

test("scopes are trimmed, split at spaces and kept once", () => {
  assert.deepEqual(parseScopes([" a/.default "]), ["a/.default"]);
  assert.deepEqual(parseScopes(["a", " b", "a", "c d"]), ["a", "b", "c", "d"]);
});

test("no scope at all is a TypeError", () => {
  for (const scopes of [[], [""], ["  "], [undefined], [null], [7], [{}], ["a", 7]]) {
    assert.throws(() => parseScopes(scopes), TypeError);
  }
});

test("the key ignores order and case", () => {
  assert.equal(scopesKey(["B", "a"]), scopesKey(["A", "b"]));
});
