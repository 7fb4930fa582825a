/**
 * Runs a service on each runtime, side by side, against an Entra that fails often, for half a minute.
 *
 * `npm run soak -- --minutes N` runs longer; `--runtime deno|bun|node` runs one alone; `--save` writes table and chart to
 * docs/.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parseArgs } from "node:util";
import { composeLineChart } from "../../tools/line_chart.ts";
import { replaceSection } from "../../tools/replace_section.ts";
import { writePage } from "../../tools/write_page.ts";
import { saveChart } from "../../tools/save_chart.ts";
import { evaluate, type Figures, plot, tabulate } from "./figures.ts";
import { RUNTIMES, type Soak, soak } from "./soak.ts";
import type { Sample } from "./sample.ts";
import type { Slope } from "../../tools/slope.ts";

/** A leak of one byte per call would be this much per minute. In a short run, engines are still warming up. */
const MOST_HEAP_IN_KB = 100;
const MOST_HEAP_WHILE_WARMING_UP_IN_KB = 500;
/** So many sockets can open and close at any time; a leak of one per fault would be dozens per minute. */
const REFRESHES_AT_ONCE = 8;
/** Fewer calls would prove little. Even a busy machine makes more. */
const LEAST_CALLS_PER_SECOND = 10;
const PAGE = "docs/reliability.md";
const CHART = "docs/soak.svg";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "0.5" },
    runtime: { type: "string", multiple: true, default: Object.keys(RUNTIMES) },
    save: { type: "boolean", default: false },
  },
});
const seconds = Math.round(Number(values.minutes) * 60);
if (!(seconds >= 20)) throw new Error("--minutes must be at least 0.34");
const mostHeapPerMinute = Math.max(MOST_HEAP_IN_KB, MOST_HEAP_WHILE_WARMING_UP_IN_KB * 60 / seconds);
const mostDescriptorsPerMinute = Math.max(1, REFRESHES_AT_ONCE * 60 / seconds);
for (const runtime of values.runtime) {
  if (!(runtime in RUNTIMES)) throw new Error(`--runtime must be one of ${Object.keys(RUNTIMES).join(", ")}`);
}

/** Allows three standard errors for noise. */
function requireFlat(what: string, { slope, error }: Slope, most: number): void {
  if (slope - 3 * error <= most) return;
  throw new Error(
    `${what} grows by ${slope.toFixed(1)} ± ${error.toFixed(1)} per minute; at most ${most} is allowed`,
  );
}

function report(runtime: string, sample: Sample, faults: number): void {
  const { second, calls, failed, violations, exchanges, heap, rss } = sample;
  const memory = `heap ${(heap / 1e6).toFixed(2)} MB  rss ${(rss / 1e6).toFixed(0)} MB`;
  const counts = `calls ${calls}  failed ${failed}  violations ${violations}  exchanges ${exchanges}`;
  console.log(`${runtime.padEnd(4)} ${String(second).padStart(5)} s  ${counts}  faults ${faults}  ${memory}`);
}

describe("soak", () => {
  const soaks = new Map<string, Soak>();
  const evaluated = new Map<string, Figures>();
  before(async () => {
    const all = await Promise.all(values.runtime.map((runtime) => soak(runtime, seconds, report)));
    for (const run of all) {
      soaks.set(run.runtime, run);
      if (run.stderr) console.log(`\n--- ${run.runtime} ---\n${run.stderr}`);
    }
  });
  after(async () => {
    const table = tabulate([...evaluated]);
    console.log(`\n${table}`);
    if (!values.save) return;
    await writePage(PAGE, replaceSection(Deno.readTextFileSync(PAGE), "soak", table));
    await saveChart(composeLineChart("Soak", "seconds", plot([...soaks.values()])), CHART);
  });

  for (const runtime of values.runtime) {
    test(`${runtime}: no call failed or got a wrong token while a valid one existed`, () => {
      const figures = evaluate(soaks.get(runtime)!);
      evaluated.set(runtime, figures);
      const { last, faults } = figures;
      assert.equal(last.violations, 0, `${last.violations} of ${last.calls} calls`);
      assert.ok(
        last.calls >= seconds * LEAST_CALLS_PER_SECOND && faults > 0,
        `${last.calls} calls, ${faults} faults`,
      );
    });
    test(`${runtime}: the heap is flat`, () => {
      requireFlat("the heap in kB", evaluated.get(runtime)!.heap, mostHeapPerMinute);
    });
    test(`${runtime}: no descriptor stays open`, () => {
      const { descriptors } = evaluated.get(runtime)!;
      if (descriptors) requireFlat("the number of descriptors", descriptors, mostDescriptorsPerMinute);
    });
    test(`${runtime}: the process ends by itself after the last call`, () => {
      assert.equal(soaks.get(runtime)!.exitCode, 0);
    });
  }
});
