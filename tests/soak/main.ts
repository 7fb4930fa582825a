/**
 * `npm run soak -- --minutes N`: a service on each runtime, side by side, against an Entra that fails often.
 *
 * `--runtime deno|bun|node` runs one alone; `--save` writes table and chart into docs/.
 */
import { parseArgs } from "node:util";
import { composeLineChart } from "../../tools/line_chart.ts";
import { replaceSection } from "../../tools/replace_section.ts";
import { saveChart } from "../../tools/save_chart.ts";
import { check, conclude } from "../../tools/verify/checks.ts";
import { evaluate, type Figures, plot, tabulate } from "./figures.ts";
import { RUNTIMES, type Soak, soak } from "./soak.ts";
import type { Slope } from "../../tools/slope.ts";

/** Of a leak, this much a minute would be one byte a call. A short run's engine is still warming up. */
const MOST_HEAP_IN_KB = 100;
const MOST_HEAP_WHILE_WARMING_UP_IN_KB = 500;
/** As many sockets as renewals can run at once come and go; a leak of one a fault would be dozens a minute. */
const RENEWALS_AT_ONCE = 8;
const PAGE = "docs/reliability.md";
const CHART = "docs/soak.svg";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    runtime: { type: "string", multiple: true, default: Object.keys(RUNTIMES) },
    save: { type: "boolean", default: false },
  },
});
const seconds = Math.round(Number(values.minutes) * 60);
if (!(seconds >= 20)) throw new Error("--minutes: at least a third");
const mostHeapPerMinute = Math.max(MOST_HEAP_IN_KB, MOST_HEAP_WHILE_WARMING_UP_IN_KB * 60 / seconds);
const mostDescriptorsPerMinute = Math.max(1, RENEWALS_AT_ONCE * 60 / seconds);
for (const runtime of values.runtime) {
  if (!(runtime in RUNTIMES)) throw new Error(`--runtime: ${Object.keys(RUNTIMES).join(", ")}`);
}

/** Noise has three standard errors on top. */
function requireFlat(what: string, { slope, error }: Slope, most: number): void {
  if (slope - 3 * error <= most) return;
  throw new Error(`${what} grows by ${slope.toFixed(1)} ± ${error.toFixed(1)} a minute; at most ${most}`);
}

const soaks: Soak[] = await Promise.all(
  values.runtime.map((runtime) =>
    soak(runtime, seconds, (name, { second, calls, failed, violations, exchanges, heap, rss }, faults) => {
      const memory = `heap ${(heap / 1e6).toFixed(2)} MB  rss ${(rss / 1e6).toFixed(0)} MB`;
      const counts = `calls ${calls}  failed ${failed}  violations ${violations}  exchanges ${exchanges}`;
      console.log(
        `${name.padEnd(4)} ${String(second).padStart(5)} s  ${counts}  faults ${faults}  ${memory}`,
      );
    })
  ),
);
for (const { runtime, told } of soaks) if (told) console.log(`\n--- ${runtime} ---\n${told}`);

const rows: [string, Figures][] = [];
for (const run of soaks) {
  const { runtime, exitCode } = run;
  await check(`${runtime}: no call failed or was given a wrong token while a valid one existed`, () => {
    const figures = evaluate(run);
    rows.push([runtime, figures]);
    const { last, faults } = figures;
    if (last.violations > 0) throw new Error(`${last.violations} of ${last.calls} calls`);
    if (last.calls < seconds * 100 || faults === 0) {
      throw new Error(`it hardly ran: ${last.calls} calls, ${faults} faults`);
    }
  });
  await check(`${runtime}: the heap is flat`, () => {
    requireFlat("the heap in kB", evaluate(run).heap, mostHeapPerMinute);
  });
  await check(`${runtime}: no descriptor stays open`, () => {
    const { descriptors } = evaluate(run);
    if (descriptors) requireFlat("their number", descriptors, mostDescriptorsPerMinute);
  });
  await check(`${runtime}: the process ends by itself when nobody asks any more`, () => {
    if (exitCode !== 0) throw new Error(`it ended with exit code ${exitCode}`);
  });
}
const table = tabulate(rows);
console.log(`\n${table}`);
if (values.save) {
  Deno.writeTextFileSync(PAGE, replaceSection(Deno.readTextFileSync(PAGE), "soak", table));
  await saveChart(composeLineChart("Soak", "seconds", plot(soaks)), CHART);
}
conclude();
