/** The time of whole processes: one that only imports, and one that gets its first token. */
import { type Bench, COMPETITORS } from "../measurement.ts";
import { runScript } from "../run_scenario.ts";
import { interleave } from "../interleave.ts";
import { type Row, toRows } from "../row.ts";

const IMPORTS: Record<string, string> = {
  empty: "",
  ours: `import "@workload-id/entra";`,
  azure_identity: `import "@azure/identity";`,
  msal_node: `import "@azure/msal-node";`,
};

export async function* start({ sandbox, runtimes, quick }: Bench): AsyncGenerator<Row> {
  const scripts: Record<string, string> = {};
  for (const [name, text] of Object.entries(IMPORTS)) {
    scripts[name] = await sandbox.write(`import.${name}.js`, text);
  }
  const competitors = quick ? [] : COMPETITORS;
  const names = ["empty", "ours", ...competitors];
  for (const runtime of runtimes) {
    const measure = async (name: string) =>
      (await runScript(sandbox, runtime.command, scripts[name]!)).wallInMs;
    const samples = await interleave(names, quick ? 4 : 15, measure);
    yield* toRows({
      figure: "import",
      unit: "ms",
      runtime: runtime.name,
      samples,
      against: "empty",
    });
  }
  for (const runtime of runtimes) {
    const baselines = runtime.condition === "node" ? ["bare_fetch", "bare_https"] : ["bare_fetch"];
    const candidates = [...baselines, "ours", ...competitors];
    const built: Record<string, string> = {};
    for (const name of candidates) {
      built[name] = await sandbox.build("first_token", [name], runtime);
    }
    const measure = async (name: string) =>
      (await runScript(sandbox, runtime.command, built[name]!)).wallInMs;
    const samples = await interleave(candidates, quick ? 4 : 15, measure);
    yield* toRows({
      figure: "process start to first token",
      unit: "ms",
      runtime: runtime.name,
      samples,
      against: "bare_fetch",
    });
  }
}
