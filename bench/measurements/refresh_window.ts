/** The wait of callers while the cached token is valid but due for a refresh. */
import { type Bench, COMPETITORS } from "../measurement.ts";
import { runScenario } from "../run_scenario.ts";
import { median, medianRatio } from "../interleave.ts";
import type { Waits } from "../scenarios/refresh_window.ts";
import type { Row } from "../row.ts";

const BEHAVIOURS: Record<string, string> = {
  slow: "slow",
  fail: "failing",
  hang: "hanging",
};

export async function* refreshWindow({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  const behaviours = Object.keys(BEHAVIOURS);
  for (const runtime of runtimes) {
    for (const candidate of ["ours", ...(quick ? [] : COMPETITORS)]) {
      const settings = candidate === "ours"
        ? { behaviours, rounds: quick ? 5 : 15, calls: 20_000 }
        : { behaviours, rounds: 1, calls: 10 };
      const waits = await runScenario<Record<string, Waits>>(
        sandbox,
        runtime,
        "refresh_window",
        [candidate],
        settings,
      );
      for (const behaviour of behaviours) {
        const { warm, first, each } = waits[behaviour]!;
        const common = {
          unit: "µs",
          runtime: runtime.name,
          candidate,
        } as const;
        const window = `in the refresh window, endpoint ${BEHAVIOURS[behaviour]}`;
        yield { ...common, figure: `first ${window}`, value: median(first) };
        yield {
          ...common,
          figure: `wait ${window}`,
          value: median(each),
          ratio: medianRatio(each, warm),
          against: "its own warm hit",
        };
      }
    }
  }
}
