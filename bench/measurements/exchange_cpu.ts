/** Time on a core for each exchange, one after another and 16 at once. */
import { type Bench, PEERS } from "../bench.ts";
import { runProbe } from "../child.ts";
import type { Samples } from "../pairs.ts";
import { type Row, toRows } from "../row.ts";

const FLOOR = "bare_fetch";

export async function* exchangeCpu({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    const https = runtime.condition === "node" ? ["bare_https"] : [];
    for (const contender of ["ours", ...(quick ? [] : [...https, ...PEERS])]) {
      for (const [atOnce, words] of [[1, "one after another"], [16, "16 at once"]] as const) {
        const settings = { rounds: quick ? 5 : 15, exchanges: 80, atOnce };
        const samples = await runProbe<Samples>(stage, runtime, "exchange_cpu", [contender, FLOOR], settings);
        const figure = `CPU per exchange, ${words}`;
        const rows = toRows({ figure, unit: "ms", runtime: runtime.name, samples, against: FLOOR });
        yield* rows.filter((row) => contender === "ours" || row.contender !== FLOOR);
      }
    }
  }
}
