/** What a call that the cache answers leaves to the garbage collector. */
import { type Bench, PEERS } from "../bench.ts";
import { runProbe, runScript } from "../child.ts";
import type { Row } from "../row.ts";

/** How V8 and JavaScriptCore tell of a collection. */
const COLLECTION = /Scavenge|Mark-(?:Compact|sweep)|GC END!/g;

export async function* allocation({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (
      const contender of [
        "ours",
        "map_floor",
        ...(quick ? [] : PEERS),
      ]
    ) {
      const bytes = await runProbe<number>(stage, runtime, "allocation", [contender], {}, runtime.hoarding);
      const common = { runtime: runtime.name, contender };
      yield {
        ...common,
        figure: "allocated per warm hit",
        unit: "B",
        value: bytes,
      };
      const hits = PEERS.includes(contender) ? 4000 : 1_000_000;
      const script = await stage.build("collections", [contender], runtime);
      const count = async (hits: number) => {
        const { output } = await runScript(stage, runtime.tracing, script, {
          hits,
        });
        return output.match(COLLECTION)?.length ?? 0;
      };
      const collections = await count(hits) - await count(1);
      yield {
        ...common,
        figure: "collections in a million warm hits",
        unit: "",
        value: Math.max(0, collections) * 1e6 / hits,
      };
    }
  }
}
