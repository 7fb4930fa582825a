/** What stays in the heap of a process after each exchange. */
import { type Bench, PEERS } from "../bench.ts";
import { runProbe } from "../child.ts";
import { median } from "../pairs.ts";
import type { Row } from "../row.ts";

export async function* retained({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const contender of ["ours", ...(quick ? [] : ["bare_fetch", ...PEERS])]) {
      const settings = { rounds: quick ? 3 : 7, exchanges: 500 };
      const value = median(await runProbe<number[]>(stage, runtime, "retained", [contender], settings));
      yield { figure: "retained per exchange", unit: "B", runtime: runtime.name, contender, value };
    }
  }
}
