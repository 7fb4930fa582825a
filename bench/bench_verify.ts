/** Runs the quick form of the benchmark, and checks the budgets that do not depend on the load of the machine. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { listFiles, succeed } from "../tools/run.ts";
import { runBenchmark } from "./benchmark.ts";
import { BUDGETS, judge, type Verdict } from "./budgets.ts";
import { formatValue } from "./report/format.ts";
import { tabulateVerdicts, toText } from "./report/table.ts";

describe("the benchmark", () => {
  let verdicts: Verdict[];
  before(async () => {
    const { rows } = await runBenchmark(true, "");
    verdicts = judge(rows, true);
    console.log(`\n${toText(tabulateVerdicts(verdicts))}\n`);
  });

  for (const budget of BUDGETS.filter(({ exact }) => exact)) {
    test(`${budget.figure}: at most ${budget.most}`, () => {
      for (const { row, measured } of verdicts.filter((verdict) => verdict.budget === budget)) {
        assert.ok(
          measured <= budget.most,
          `${formatValue(measured, row.unit)}${row.runtime && ` on ${row.runtime}`}`,
        );
      }
    });
  }
  test("the types of its files", async () => {
    await succeed(["deno", "check", ...listFiles("bench", ".ts")]);
  });
});
