/** A call that the cache answers, with 1 to 1000 keys in it. */
import { type Bench, PEERS } from "../bench.ts";
import { runProbe } from "../child.ts";
import { median, type Samples } from "../pairs.ts";
import { type Row, toRows } from "../row.ts";

const FLOOR = "map_floor";
/** Filling a peer's cache takes seconds for each thousand keys. */
const PEERS_KEYS = [1, 1000];

export async function* warmHit({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  for (const runtime of runtimes) {
    for (const contender of ["ours", ...(quick ? [] : PEERS)]) {
      const settings = contender === "ours"
        ? { rounds: quick ? 5 : 15, keys: [1, 10, 100, 1000], batches: 100, hits: 1024 }
        : { rounds: 5, keys: PEERS_KEYS, batches: 12, hits: 32 };
      const found = await runProbe<Record<string, Samples>>(
        stage,
        runtime,
        "warm_hit",
        [contender, FLOOR],
        settings,
      );
      for (const [keys, samples] of Object.entries(found)) {
        const figure = keys === "array"
          ? "warm hit, an array of scopes"
          : `warm hit, ${keys} key${keys === "1" ? "" : "s"}`;
        const rows = toRows({ figure, unit: "µs", runtime: runtime.name, samples, against: FLOOR });
        yield* rows.filter((row) => contender === "ours" || row.contender !== FLOOR);
      }
      yield {
        figure: "1000 keys against 1, over the same of the map floor",
        unit: "x",
        runtime: runtime.name,
        contender,
        value: median(
          found[1]![contender]!.map((_, round) =>
            growth(found, contender, round) / growth(found, FLOOR, round)
          ),
        ),
      };
    }
  }
}

function growth(found: Record<string, Samples>, contender: string, round: number): number {
  return found[1000]![contender]![round]! / found[1]![contender]![round]!;
}
