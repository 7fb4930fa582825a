/** Many callers at once: before there is a token, and when it has expired. */
import { type Bench, COMPETITORS } from "../measurement.ts";
import { runScenario } from "../run_scenario.ts";
import type { Moment, Storm } from "../scenarios/storm.ts";
import { type Row, toRows } from "../row.ts";

const MOMENTS: Record<Moment, string> = { cold: "cold", expired: "at expiry" };
const BASELINE = "map_baseline";

export async function* storm({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const moment of Object.keys(MOMENTS) as Moment[]) {
      const ours = {
        rounds: quick ? 5 : 15,
        warmUps: 1,
        callers: 10_000,
        moment,
      };
      const storms = await runScenario<Storm>(sandbox, runtime, "storm", ["ours", BASELINE], ours);
      yield* rows(storms, `10,000 callers ${MOMENTS[moment]}`, runtime.name);
    }
    // Each caller of a competitor sends a request, so 10,000 of them would take a minute and gigabytes.
    const theirs = { rounds: 1, warmUps: 0, callers: 1000, moment: "cold" };
    for (const candidate of quick ? [] : ["ours", ...COMPETITORS]) {
      const storms = await runScenario<Storm>(sandbox, runtime, "storm", [candidate], theirs);
      yield* rows(storms, "1,000 callers cold", runtime.name);
    }
  }
}

function* rows({ wallInMs, requests }: Storm, figure: string, runtime: string): Generator<Row> {
  const against = BASELINE in wallInMs ? { against: BASELINE } : {};
  yield* toRows({ figure, unit: "ms", runtime, samples: wallInMs, ...against });
  for (const [candidate, counts] of Object.entries(requests)) {
    yield {
      figure: `requests of ${figure}`,
      unit: "",
      runtime,
      candidate,
      value: Math.max(...counts),
    };
  }
}
