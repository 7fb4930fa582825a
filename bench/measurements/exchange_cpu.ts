/** The processor time of an exchange, one after another and 16 at once. */
import { type Bench, COMPETITORS } from "../measurement.ts";
import { runScenario } from "../run_scenario.ts";
import type { Samples } from "../interleave.ts";
import { type Row, toRows } from "../row.ts";

const BASELINE = "bare_fetch";

export async function* exchangeCpu({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    const https = runtime.condition === "node" ? ["bare_https"] : [];
    for (const candidate of ["ours", ...(quick ? [] : [...https, ...COMPETITORS])]) {
      for (const [atOnce, words] of [[1, "one after another"], [16, "16 at once"]] as const) {
        const settings = { rounds: quick ? 5 : 15, exchanges: 80, atOnce };
        const samples = await runScenario<Samples>(
          sandbox,
          runtime,
          "exchange_cpu",
          [candidate, BASELINE],
          settings,
        );
        const figure = `CPU per exchange, ${words}`;
        const rows = toRows({
          figure,
          unit: "ms",
          runtime: runtime.name,
          samples,
          against: BASELINE,
        });
        yield* rows.filter((row) => candidate === "ours" || row.candidate !== BASELINE);
      }
    }
  }
}
