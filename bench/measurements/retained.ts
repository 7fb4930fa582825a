/** The growth of the heap with each exchange, by least squares. */
import { fitSlope } from "../../tools/slope.ts";
import { type Bench, COMPETITORS } from "../measurement.ts";
import { runScenario } from "../run_scenario.ts";
import type { Row } from "../row.ts";

export async function* retained({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const candidate of ["ours", ...(quick ? [] : ["bare_fetch", ...COMPETITORS])]) {
      const settings = {
        rounds: 9,
        exchanges: COMPETITORS.includes(candidate) || quick ? 500 : 1000,
      };
      const heaps = await runScenario<number[]>(sandbox, runtime, "retained", [candidate], settings);
      const { slope, error } = fitSlope(heaps.map((heap, round) => [round * settings.exchanges, heap]));
      const common = { unit: "B", runtime: runtime.name, candidate } as const;
      yield { ...common, figure: "retained per exchange", value: slope };
      yield {
        ...common,
        figure: "retained per exchange, beyond noise",
        value: Math.max(0, slope - 3 * error),
      };
    }
  }
}
