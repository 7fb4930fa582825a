/** Many callers at once: before there is a token, when it has expired, and while its renewal is in trouble. */
import { type Bench, PEERS } from "../bench.ts";
import { runProbe } from "../child.ts";
import type { Moment, Storm } from "../probes/storm.ts";
import { type Row, toRows } from "../row.ts";

const MOMENTS: Record<Moment, string> = {
  cold: "cold",
  expired: "at expiry",
  slow: "in the refresh window, endpoint slow",
  fail: "in the refresh window, endpoint failing",
  hang: "in the refresh window, endpoint hanging",
};
const FLOOR = "map_floor";

export async function* storm({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const moment of Object.keys(MOMENTS) as Moment[]) {
      const hasFloor = moment === "cold" || moment === "expired";
      if (quick && !hasFloor) continue;
      const contenders = ["ours", ...(hasFloor ? [FLOOR] : [])];
      const ours = {
        rounds: quick ? 5 : 15,
        warmUps: 1,
        callers: quick ? [10_000] : [1, 100, 1000, 10_000],
        moment,
      };
      const storms = await runProbe<Record<number, Storm>>(stage, runtime, "storm", contenders, ours);
      yield* rows(storms, moment, runtime.name);
      // Each caller of a peer is a request of its own: 10,000 of them would take a minute and gigabytes.
      const theirs = { rounds: 1, warmUps: 0, callers: hasFloor ? [1, 100, 1000] : [1000], moment };
      for (const peer of quick ? [] : PEERS) {
        yield* rows(await runProbe(stage, runtime, "storm", [peer], theirs), moment, runtime.name);
      }
    }
  }
}

function* rows(storms: Record<number, Storm>, moment: Moment, runtime: string): Generator<Row> {
  for (const [count, { wallInMs, requests }] of Object.entries(storms)) {
    const callers = `${Number(count).toLocaleString("en")} caller${count === "1" ? "" : "s"} ${
      MOMENTS[moment]
    }`;
    const against = FLOOR in wallInMs ? { against: FLOOR } : {};
    yield* toRows({
      figure: callers,
      unit: "ms",
      runtime,
      samples: wallInMs,
      ...against,
    });
    for (const [contender, counts] of Object.entries(requests)) {
      yield { figure: `requests of ${callers}`, unit: "", runtime, contender, value: Math.max(...counts) };
    }
  }
}
