/** Bytes that a call for a cached token allocates. */
import { type Bench, COMPETITORS } from "../measurement.ts";
import { runScenario } from "../run_scenario.ts";
import type { Row } from "../row.ts";

export async function* warmHitAllocation({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const candidate of ["ours", "map_baseline", ...(quick ? [] : COMPETITORS)]) {
      yield {
        figure: "allocated per warm hit",
        unit: "B",
        runtime: runtime.name,
        candidate,
        value: await runScenario(sandbox, runtime, "allocation", [candidate], {}, runtime.withManualGc),
      };
    }
  }
}
