/** The memory of a process that holds one credential and its token. */
import { type Bench, PEERS } from "../bench.ts";
import { runScript } from "../child.ts";
import { interleave, median } from "../pairs.ts";
import { type Row, toRows } from "../row.ts";

const FLOOR = "bare_fetch";

export async function* memory({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  const peers = quick ? [] : PEERS;
  for (const runtime of runtimes) {
    const scripts: Record<string, string> = {};
    for (const name of [FLOOR, "ours", ...peers]) {
      scripts[name] = await stage.build("memory", [name], runtime);
    }
    const samples = await interleave(
      Object.keys(scripts),
      quick ? 5 : 15,
      async (name) => {
        return Number((await runScript(stage, runtime.command, scripts[name]!)).output);
      },
    );
    yield* toRows({ figure: "memory with one token", unit: "MB", runtime: runtime.name, samples });
    for (const contender of ["ours", ...peers]) {
      const value = median(
        samples[contender]!.map((megabytes, round) => megabytes - samples[FLOOR]![round]!),
      );
      yield { figure: "memory over bare fetch", unit: "MB", runtime: runtime.name, contender, value };
    }
  }
}
