/** Step `bench` of `npm run verify`: the quick form, held against the bounds that noise cannot move. */
import { check, conclude, succeed } from "../tools/verify/checks.ts";
import { listFiles } from "../tools/run.ts";
import { judge } from "./bounds.ts";
import { formatValue } from "./report/format.ts";
import { tabulateVerdicts, toText } from "./report/table.ts";
import { runBenchmark } from "./run.ts";

const { sections } = await runBenchmark(true, "");
const verdicts = judge(sections.flatMap(({ rows }) => rows));
console.log(`\n${toText(tabulateVerdicts(verdicts))}\n`);
for (const { bound, row, measured } of verdicts.filter(({ bound }) => bound.exact)) {
  const tolerated = bound.tolerated ?? bound.most;
  const most = formatValue(tolerated, row.unit);
  await check(
    `${row.figure}${row.runtime && ` on ${row.runtime}`}: at most ${most}`,
    () => {
      if (measured > tolerated) throw new Error(`it is ${formatValue(measured, row.unit)}`);
    },
  );
}
await check("types of the benchmark", async () => {
  const files = listFiles("bench", ".ts").filter((file) => !file.includes("/node_modules/"));
  await succeed(["deno", "check", ...files]);
});
conclude();
