/** Whole processes: one that only imports, and one that gets its first token. */
import { type Bench, PEERS } from "../bench.ts";
import { runScript } from "../child.ts";
import { interleave } from "../pairs.ts";
import { type Row, toRows } from "../row.ts";

const IMPORTS: Record<string, string> = {
  empty: "",
  ours: `import "@workload-id/entra";`,
  azure_identity: `import "@azure/identity";`,
  msal_node: `import "@azure/msal-node";`,
};

export async function* startup({ stage, runtimes, quick }: Bench): AsyncGenerator<Row> {
  const scripts: Record<string, string> = {};
  for (const [name, text] of Object.entries(IMPORTS)) {
    scripts[name] = await stage.write(`import.${name}.js`, text);
  }
  const peers = quick ? [] : PEERS;
  const names = ["empty", "ours", ...peers];
  for (const runtime of runtimes) {
    const measure = async (name: string) =>
      (await runScript(stage, runtime.command, scripts[name]!)).wallInMs;
    const samples = await interleave(names, quick ? 4 : 15, measure);
    yield* toRows({ figure: "import", unit: "ms", runtime: runtime.name, samples, against: "empty" });
  }
  for (const runtime of runtimes) {
    const floors = runtime.condition === "node" ? ["bare_fetch", "bare_https"] : ["bare_fetch"];
    const contenders = [...floors, "ours", ...peers];
    const built: Record<string, string> = {};
    for (const name of contenders) {
      built[name] = await stage.build("first_token", [name], runtime);
    }
    const measure = async (name: string) => (await runScript(stage, runtime.command, built[name]!)).wallInMs;
    const samples = await interleave(contenders, quick ? 4 : 15, measure);
    yield* toRows({
      figure: "process start to first token",
      unit: "ms",
      runtime: runtime.name,
      samples,
      against: "bare_fetch",
    });
  }
}
