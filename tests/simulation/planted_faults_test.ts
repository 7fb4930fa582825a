/** The faults of `npm run verify -- planted_faults` still fit the sources. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PLANTED_FAULTS } from "./planted_faults.ts";

test("each planted fault replaces a text that its file contains once", () => {
  for (const { file, from, to, what } of PLANTED_FAULTS) {
    assert.equal(readFileSync(file, "utf8").split(from).length - 1, 1, `${what}: ${file}`);
    assert.notEqual(from, to, what);
  }
});
