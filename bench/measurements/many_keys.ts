/** Many keys in one credential: memory, a full cache, and all of them requested at once. */
import type { Samples } from "../interleave.ts";
import type { Bench } from "../measurement.ts";
import { runScenario } from "../run_scenario.ts";
import { type Row, toRows } from "../row.ts";
import type { Exchanges } from "../scenarios/full_cache.ts";

const BASELINE = "map_baseline";
const CONCURRENT_EXCHANGES = 64;

export async function* manyKeys({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    const common = { runtime: runtime.name, candidate: "ours" } as const;
    for (const candidate of ["ours", BASELINE]) {
      const value = await runScenario<number>(sandbox, runtime, "cached_key", [candidate], { keys: 10_000 });
      yield {
        ...common,
        candidate,
        figure: "memory per cached key, without its token",
        unit: "B",
        value,
      };
    }
    const { evicted, others } = await runScenario<Exchanges>(
      sandbox,
      runtime,
      "full_cache",
      ["ours"],
      {
        keys: 1000,
      },
    );
    yield {
      ...common,
      figure: "full cache, exchanges of the evicted key",
      unit: "",
      value: evicted,
    };
    yield {
      ...common,
      figure: "full cache, exchanges of the other keys",
      unit: "",
      value: others,
    };
    const samples = await runScenario<Samples>(sandbox, runtime, "cold_keys", ["ours", BASELINE], {
      keys: 10_000,
      rounds: quick ? 1 : 7,
      maxConcurrentExchanges: CONCURRENT_EXCHANGES,
    });
    const figure = "10,000 cold keys at once";
    yield* toRows({
      figure,
      unit: "ms",
      runtime: runtime.name,
      samples,
      against: BASELINE,
    });
  }
}
