/** How long callers wait while a token is renewed that is still valid. */
import { type Bench, PEERS } from "../bench.ts";
import { runProbe } from "../child.ts";
import { median, medianRatio } from "../pairs.ts";
import type { Waits } from "../probes/refresh_window.ts";
import type { Row } from "../row.ts";

const BEHAVIOURS: Record<string, string> = { slow: "slow", fail: "failing", hang: "hanging" };

export async function* refreshWindow({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  const behaviours = Object.keys(BEHAVIOURS);
  for (const runtime of runtimes) {
    for (const contender of ["ours", ...(quick ? [] : PEERS)]) {
      const settings = contender === "ours"
        ? { behaviours, rounds: quick ? 5 : 15, calls: 20_000 }
        : { behaviours, rounds: 1, calls: 10 };
      const waits = await runProbe<Record<string, Waits>>(
        stage,
        runtime,
        "refresh_window",
        [contender],
        settings,
      );
      for (const behaviour of behaviours) {
        const { warm, first, each } = waits[behaviour]!;
        const common = { unit: "µs", runtime: runtime.name, contender } as const;
        const window = `in the refresh window, endpoint ${BEHAVIOURS[behaviour]}`;
        yield { ...common, figure: `wait of the first caller ${window}`, value: median(first) };
        yield {
          ...common,
          figure: `mean wait ${window}`,
          value: median(each),
          ratio: medianRatio(each, warm),
          against: "its own warm hit",
        };
      }
    }
  }
}
