/** Step `bench` of `npm run verify`: the quick form, and the budgets that do not depend on the load of the machine. */
import { check, conclude, succeed } from "../tools/verify/checks.ts";
import { listFiles } from "../tools/run.ts";
import { judge } from "./budgets.ts";
import { formatValue } from "./report/format.ts";
import { tabulateVerdicts, toText } from "./report/table.ts";
import { runBenchmark } from "./benchmark.ts";

const { rows } = await runBenchmark(true, "");
const verdicts = judge(rows, true);
console.log(`\n${toText(tabulateVerdicts(verdicts))}\n`);
for (
  const { budget, row, measured } of verdicts.filter(({ budget }) => budget.exact)
) {
  const most = formatValue(budget.most, row.unit);
  await check(
    `${row.figure}${row.runtime && ` on ${row.runtime}`}: at most ${most}`,
    () => {
      if (measured > budget.most) {
        throw new Error(`it is ${formatValue(measured, row.unit)}`);
      }
    },
  );
}
await check("types of the benchmark", async () => {
  await succeed(["deno", "check", ...listFiles("bench", ".ts")]);
});
conclude();
