/** What stays in the heap of a process after each exchange: a straight line through it, and how sure that is. */
import { fitSlope } from "../../tools/slope.ts";
import { type Bench, PEERS } from "../bench.ts";
import { runProbe } from "../child.ts";
import type { Row } from "../row.ts";

export async function* retained({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const contender of ["ours", ...(quick ? [] : ["bare_fetch", ...PEERS])]) {
      const settings = { rounds: 9, exchanges: PEERS.includes(contender) || quick ? 500 : 1000 };
      const heaps = await runProbe<number[]>(stage, runtime, "retained", [contender], settings);
      const { slope, error } = fitSlope(heaps.map((heap, round) => [round * settings.exchanges, heap]));
      const common = { unit: "B", runtime: runtime.name, contender } as const;
      yield { ...common, figure: "retained per exchange", value: slope };
      yield {
        ...common,
        figure: "retained per exchange, beyond noise",
        value: Math.max(0, slope - 3 * error),
      };
    }
  }
}
