/**
 * `npm run bench`: measures the packed package beside its peers and the floors, and writes bench/results/ and
 * docs/performance.md. About a quarter of an hour.
 *
 * `-- --quick` takes about one, and writes nothing. `-- --check` exits 1 when a bound is not kept. Any other word
 * takes only the measurements whose title holds it, and writes nothing.
 */
import { judge } from "./bounds.ts";
import { writeReport } from "./report/write.ts";
import { tabulate, tabulateVerdicts, toText } from "./report/table.ts";
import { runBenchmark } from "./run.ts";

const has = (flag: string) => Deno.args.includes(flag);
const quick = has("--quick");
const filter = Deno.args.find((arg) => !arg.startsWith("--"))?.toLowerCase() ??
  "";

const outcome = await runBenchmark(quick, filter);
for (const section of outcome.sections) {
  console.log(`\n${section.title}\n${toText(tabulate(section))}`);
}
if (filter) Deno.exit();

const verdicts = judge(outcome.sections.flatMap(({ rows }) => rows));
console.log(`\n${toText(tabulateVerdicts(verdicts))}`);
if (!quick) await writeReport(outcome, verdicts);
if (has("--check") && verdicts.some(({ kept }) => !kept)) Deno.exit(1);
