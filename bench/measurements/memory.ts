/** The memory of a process that has one credential and one token. */
import { type Bench, COMPETITORS } from "../measurement.ts";
import { runScript } from "../run_scenario.ts";
import { interleave, median } from "../interleave.ts";
import { type Row, toRows } from "../row.ts";

const BASELINE = "bare_fetch";

export async function* memory({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  const competitors = quick ? [] : COMPETITORS;
  for (const runtime of runtimes) {
    const scripts: Record<string, string> = {};
    for (const name of [BASELINE, "ours", ...competitors]) {
      scripts[name] = await sandbox.build("memory", [name], runtime);
    }
    const samples = await interleave(
      Object.keys(scripts),
      quick ? 5 : 15,
      async (name) => {
        return Number((await runScript(sandbox, runtime.command, scripts[name]!)).output);
      },
    );
    yield* toRows({
      figure: "memory with one token",
      unit: "MB",
      runtime: runtime.name,
      samples,
    });
    for (const candidate of ["ours", ...competitors]) {
      const value = median(
        samples[candidate]!.map((megabytes, round) => megabytes - samples[BASELINE]![round]!),
      );
      yield {
        figure: "memory over bare fetch",
        unit: "MB",
        runtime: runtime.name,
        candidate,
        value,
      };
    }
  }
}
