/** 10,000 agent identities of one blueprint in one process. */
import type { Bench } from "../measurement.ts";
import { runScenario } from "../run_scenario.ts";
import { type Row, toRows } from "../row.ts";
import type { Agents } from "../scenarios/agents.ts";

export async function* agents({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    const settings = { agents: 10_000, rounds: quick ? 5 : 15 };
    const { heapBytes, warmHits } = await runScenario<Agents>(sandbox, runtime, "agents", [], settings);
    yield {
      figure: "memory per agent, without its tokens",
      unit: "B",
      runtime: runtime.name,
      candidate: "ours",
      value: heapBytes,
    };
    yield* toRows({
      figure: "warm hit, 10,000 agents",
      unit: "µs",
      runtime: runtime.name,
      samples: warmHits,
      against: "map_baseline",
    });
  }
}
