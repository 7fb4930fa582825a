/** How long callers wait while a token is renewed that is still valid. */
import { type Bench, PEERS } from "../bench.ts";
import { runProbe } from "../child.ts";
import { median, medianRatio } from "../pairs.ts";
import type { Waits } from "../probes/refresh_window.ts";
import type { Row } from "../row.ts";

const BEHAVIOURS = { slow: "slow", fail: "failing", hang: "hanging" };

export async function* refreshWindow({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const [behaviour, word] of Object.entries(BEHAVIOURS)) {
      for (const contender of ["ours", ...(quick ? [] : PEERS)]) {
        const settings = contender === "ours"
          ? { rounds: quick ? 5 : 15, calls: 20_000 }
          : { rounds: 1, calls: 10 };
        const { warm, first, each } = await runProbe<Waits>(
          stage,
          runtime,
          "refresh_window",
          [contender],
          {
            ...settings,
            behaviour,
          },
        );
        const common = { unit: "µs", runtime: runtime.name, contender } as const;
        yield {
          ...common,
          figure: `wait of the first caller in the refresh window, endpoint ${word}`,
          value: median(first),
        };
        yield {
          ...common,
          figure: `mean wait in the refresh window, endpoint ${word}`,
          value: median(each),
          ratio: medianRatio(each, warm),
          against: "its own warm hit",
        };
      }
    }
  }
}
