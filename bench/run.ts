/** Takes every measurement in turn, and tells each figure as soon as it is known. */
import type { Bench, Measure } from "./bench.ts";
import { allocation } from "./measurements/allocation.ts";
import { bundleSize } from "./measurements/bundle_size.ts";
import { exchangeCpu } from "./measurements/exchange_cpu.ts";
import { installSize } from "./measurements/install_size.ts";
import { memory } from "./measurements/memory.ts";
import { refreshWindow } from "./measurements/refresh_window.ts";
import { retained } from "./measurements/retained.ts";
import { startup } from "./measurements/startup.ts";
import { storm } from "./measurements/storm.ts";
import { tokenFileReads } from "./measurements/token_file_reads.ts";
import { typeCheck } from "./measurements/type_check.ts";
import { warmHit } from "./measurements/warm_hit.ts";
import { formatCell } from "./report/format.ts";
import type { Row } from "./row.ts";
import { findRuntimes, type Runtime } from "./runtimes.ts";
import { createStage } from "./stage.ts";

const MEASUREMENTS: Record<string, Measure> = {
  "Install": installSize,
  "Bundle": bundleSize,
  "Start": startup,
  "Memory": memory,
  "Warm hits": warmHit,
  "Allocation": allocation,
  "Storms": storm,
  "Refresh window": refreshWindow,
  "Exchanges": exchangeCpu,
  "Retained": retained,
  "Token file": tokenFileReads,
  "Type-check": typeCheck,
};

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Outcome {
  readonly runtimes: readonly Runtime[];
  readonly sections: readonly Section[];
}

/** @param filter only the measurements whose title holds this word */
export async function runBenchmark(quick: boolean, filter: string): Promise<Outcome> {
  console.log("Installing the peers, building and packing the package ...");
  await using stage = await createStage();
  const runtimes = await findRuntimes();
  const bench: Bench = { stage, runtimes, quick };
  const chosen = Object.entries(MEASUREMENTS).filter(([title]) => title.toLowerCase().includes(filter));
  const sections: Section[] = [];
  for (const [index, [title, measure]] of chosen.entries()) {
    const start = Date.now();
    const rows: Row[] = [];
    console.log(`\n[${index + 1}/${chosen.length}] ${title}`);
    for await (const row of measure(bench)) {
      rows.push(row);
      console.log(
        `  ${row.figure}${row.runtime && `, ${row.runtime}`}: ${row.contender} ${formatCell(row)}`,
      );
    }
    sections.push({ title, rows });
    console.log(`  (${((Date.now() - start) / 1000).toFixed(0)} s)`);
  }
  return { runtimes, sections };
}
