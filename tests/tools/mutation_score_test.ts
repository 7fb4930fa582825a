/** The score of `npm run mutate`, and what makes the run fail. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readMutants } from "../../tools/mutation/report.ts";
import { computeScore, type Equivalent, type Mutant } from "../../tools/mutation/score.ts";

function mutant(replacement: string, status: Mutant["status"]): Mutant {
  return { file: "src/a.ts", line: "if (a < b) {", lineNumber: 3, original: "a < b", replacement, status };
}

function equivalent(replacement: string): Equivalent {
  return {
    file: "src/a.ts",
    line: "if (a < b) {",
    original: "a < b",
    replacement,
    reason: "they are never equal",
  };
}

test("survivors lower the score, and mutants that were not tested do not count", () => {
  const mutants = [mutant("true", "killed"), mutant("false", "survived"), mutant("a > b", "not tested")];
  const { killed, tested, survivors, stale } = computeScore(mutants, []);
  assert.deepEqual([killed, tested, survivors.length, stale.length], [1, 2, 1, 0]);
});

test("a listed equivalent does not count", () => {
  const mutants = [mutant("true", "killed"), mutant("a <= b", "survived")];
  const { killed, tested, survivors, stale } = computeScore(mutants, [equivalent("a <= b")]);
  assert.deepEqual([killed, tested, survivors.length, stale.length], [1, 1, 0, 0]);
});

test("a listed equivalent that was killed or no longer exists is stale", () => {
  const mutants = [mutant("true", "killed"), mutant("a <= b", "not tested")];
  const listed = [equivalent("true"), equivalent("a >= b"), equivalent("a <= b")];
  assert.deepEqual(computeScore(mutants, listed).stale, listed.slice(0, 2));
});

test("mutants are read from Stryker's report with their line and original text", () => {
  const source = "const a = 1;\n  return a +\n    b;\n";
  const location = { start: { line: 2, column: 10 }, end: { line: 3, column: 6 } };
  const read = (status: string, statusReason?: string) =>
    readMutants({
      files: {
        "src/a.ts": {
          source,
          mutants: [{ status, replacement: "a - b", location, ...(statusReason && { statusReason }) }],
        },
      },
    });
  assert.deepEqual(read("Survived"), [{
    file: "src/a.ts",
    line: "return a +",
    lineNumber: 2,
    original: "a +\n    b",
    replacement: "a - b",
    status: "survived",
  }]);
  for (
    const [status, expected] of [["Killed", "killed"], ["Timeout", "killed"], ["NoCoverage", "survived"]]
  ) {
    assert.equal(read(status!)[0]!.status, expected);
  }
  assert.equal(read("CompileError", "not in the sample")[0]!.status, "not tested");
  assert.deepEqual(read("CompileError", "a string of words"), []);
});
