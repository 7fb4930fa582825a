/**
 * `npm run bench`: compares the packed package with its competitors and the baselines, and writes docs/performance.md.
 *
 * `-- --quick` measures less and writes nothing. `-- --check` exits with 1 if a budget is not met. `-- --page` writes the
 * page again from the results of the last run. Any other word runs only the measurements whose title contains it, and
 * writes nothing.
 */
import { judge } from "./budgets.ts";
import { runBenchmark } from "./benchmark.ts";
import { readReport, writeReport, writeReportPage } from "./report/page.ts";
import { tabulateVerdicts, toText } from "./report/table.ts";

const has = (flag: string) => Deno.args.includes(flag);
const filter = Deno.args.find((arg) => !arg.startsWith("--"))?.toLowerCase() ??
  "";

if (has("--page")) {
  await writeReportPage(await readReport());
  Deno.exit();
}
const outcome = await runBenchmark(has("--quick"), filter);
if (filter) Deno.exit();

const verdicts = judge(outcome.rows, has("--quick"));
console.log(`\n${toText(tabulateVerdicts(verdicts))}`);
if (!has("--quick")) await writeReport(outcome);
if (has("--check") && verdicts.some(({ kept }) => !kept)) Deno.exit(1);
