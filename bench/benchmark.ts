/** Runs all measurements and prints each figure as soon as it is known. */
import { agents } from "./measurements/agents.ts";
import { bundleSize } from "./measurements/bundle_size.ts";
import { emulatorStart } from "./measurements/emulator_start.ts";
import { exchangeCpu } from "./measurements/exchange_cpu.ts";
import { installSize } from "./measurements/install_size.ts";
import { manyKeys } from "./measurements/many_keys.ts";
import { memory } from "./measurements/memory.ts";
import { refreshWindow } from "./measurements/refresh_window.ts";
import { retained } from "./measurements/retained.ts";
import { start } from "./measurements/start.ts";
import { storm } from "./measurements/storm.ts";
import { warmHit } from "./measurements/warm_hit.ts";
import { warmHitAllocation } from "./measurements/warm_hit_allocation.ts";
import type { Measure } from "./measurement.ts";
import { formatCell } from "./report/format.ts";
import type { Row } from "./row.ts";
import { findRuntimes, type Runtime } from "./runtimes.ts";
import { createSandbox } from "./sandbox.ts";

const MEASUREMENTS: Record<string, Measure> = {
  "Install": installSize,
  "Bundle": bundleSize,
  "Start": start,
  "Memory": memory,
  "Warm hits": warmHit,
  "Allocation": warmHitAllocation,
  "Many keys": manyKeys,
  "Agents": agents,
  "Storms": storm,
  "Refresh window": refreshWindow,
  "Exchanges": exchangeCpu,
  "Retained": retained,
  "Emulator": emulatorStart,
};

export interface Outcome {
  readonly runtimes: readonly Pick<Runtime, "name" | "version">[];
  readonly rows: readonly Row[];
}

/** @param filter runs only the measurements whose title contains this word */
export async function runBenchmark(quick: boolean, filter: string): Promise<Outcome> {
  console.log("Installing the competitors, building and packing the package ...");
  await using sandbox = await createSandbox();
  const runtimes = await findRuntimes();
  const chosen = Object.entries(MEASUREMENTS).filter(([title]) => title.toLowerCase().includes(filter));
  const rows: Row[] = [];
  for (const [index, [title, measure]] of chosen.entries()) {
    const start = Date.now();
    console.log(`\n[${index + 1}/${chosen.length}] ${title}`);
    for await (const row of measure({ sandbox, runtimes, quick })) {
      rows.push(row);
      console.log(`  ${row.figure}${row.runtime && `, ${row.runtime}`}: ${row.candidate} ${formatCell(row)}`);
    }
    console.log(`  (${((Date.now() - start) / 1000).toFixed(0)} s)`);
  }
  return { runtimes, rows };
}
