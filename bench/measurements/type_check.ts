/** What a consumer's `tsc` takes, with one import of a contender. */
import type { Bench } from "../bench.ts";
import { run } from "../../tools/run.ts";
import { interleave } from "../pairs.ts";
import { type Row, toRows } from "../row.ts";

const CONSUMERS: Record<string, string> = {
  empty: `export const token = "";\n`,
  ours: `import { WorkloadIdentityCredential } from "@workload-id/entra";
export const { token } = await new WorkloadIdentityCredential().getToken("https://vault.test/.default");\n`,
  azure_identity: `import { WorkloadIdentityCredential } from "@azure/identity";
export const { token } = await new WorkloadIdentityCredential().getToken("https://vault.test/.default");\n`,
  msal_node: `import { ConfidentialClientApplication } from "@azure/msal-node";
const client = new ConfidentialClientApplication({ auth: { clientId: "" } });
const result = await client.acquireTokenByClientCredential({ scopes: ["https://vault.test/.default"] });
export const token = result?.accessToken;\n`,
};
const OPTIONS =
  "--noEmit --strict --skipLibCheck --module nodenext --target es2022 --lib es2022,dom,esnext.disposable"
    .split(" ");

export async function* typeCheck({ stage, quick }: Bench): AsyncGenerator<Row> {
  for (const [name, text] of Object.entries(CONSUMERS)) {
    await stage.write(`consumer.${name}.ts`, text);
  }
  const names = quick ? ["empty", "ours"] : Object.keys(CONSUMERS);
  const samples = await interleave(names, quick ? 1 : 15, async (name) => {
    const command = ["tsc", ...OPTIONS, `consumer.${name}.ts`];
    const { success, output, seconds } = await run(command, { cwd: stage.folder });
    if (!success) throw new Error(`${command.join(" ")} failed:\n${output}`);
    return seconds;
  }, quick ? 0 : 1);
  yield* toRows({ figure: "type-check of a consumer", unit: "s", runtime: "", samples, against: "empty" });
}
