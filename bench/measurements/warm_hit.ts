/** Calls that return a cached token, with 1 to 100,000 keys in the cache. */
import { type Bench, COMPETITORS } from "../measurement.ts";
import { runScenario } from "../run_scenario.ts";
import { type Row, toRows } from "../row.ts";
import type { WarmHits } from "../scenarios/warm_hit.ts";

const BASELINE = "map_baseline";
const CACHES = [
  { by: "scope", keys: 1, figure: "warm hit, 1 scope" },
  { by: "list", keys: 1, figure: "warm hit, 1 scope in an array" },
  { by: "scope", keys: 200, figure: "warm hit, 200 scopes" },
  { by: "scope", keys: 10_000, figure: "warm hit, 10,000 scopes" },
  { by: "scope", keys: 100_000, figure: "warm hit, 100,000 scopes" },
  { by: "tenant", keys: 200, figure: "warm hit, 200 tenants" },
  { by: "tenant", keys: 10_000, figure: "warm hit, 10,000 tenants" },
  { by: "tenant", keys: 100_000, figure: "warm hit, 100,000 tenants" },
];

export async function* warmHit({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const { figure, ...cache } of CACHES) {
      if (quick && cache.keys > 10_000) continue;
      const settings = {
        ...cache,
        rounds: quick ? 5 : 15,
        batches: 100,
        hits: 1024,
      };
      const candidates = ["ours", BASELINE];
      const { samples, exchanges } = await runScenario<WarmHits>(
        sandbox,
        runtime,
        "warm_hit",
        candidates,
        settings,
      );
      yield* toRows({
        figure,
        unit: "µs",
        runtime: runtime.name,
        samples,
        against: BASELINE,
      });
      yield {
        figure: `exchanges of ${figure}`,
        unit: "",
        runtime: runtime.name,
        candidate: "ours",
        value: exchanges.ours!,
      };
    }
    const figure = CACHES[0]!.figure;
    const settings = { by: "scope", keys: 1, rounds: 5, batches: 12, hits: 32 };
    for (const competitor of quick ? [] : COMPETITORS) {
      const candidates = [competitor, BASELINE];
      const { samples } = await runScenario<WarmHits>(sandbox, runtime, "warm_hit", candidates, settings);
      const rows = toRows({
        figure,
        unit: "µs",
        runtime: runtime.name,
        samples,
        against: BASELINE,
      });
      yield* rows.filter(({ candidate }) => candidate === competitor);
    }
  }
}
