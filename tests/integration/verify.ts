/**
 * Step `integration` of `npm run verify`: the package among clients and servers that this project did not write.
 *
 * `deno run -A tests/integration/verify.ts storage` runs one of them only.
 */
import { check, conclude, succeed } from "../../tools/verify/checks.ts";
import { checkAks } from "./aks.ts";
import { checkDenoTelemetry } from "./deno_telemetry.ts";
import { checkExampleService } from "./example_service.ts";
import { checkRecipes } from "./recipes.ts";
import { createStage, RUNTIMES, type Stage } from "./stage.ts";

/** What is tried on each runtime. */
const PROGRAMS: Record<string, string> = {
  "storage": "@azure/storage-blob and Azurite: 50 blobs, while tokens expire",
  "key_vault": "@azure/keyvault-secrets, claims challenge included",
  "openai": "the openai package's Azure client",
  "chained_credential": "@azure/identity's ChainedTokenCredential goes on where it must",
  "oidc_provider": "a token of oidc-provider, which verifies the assertion",
  "telemetry": "spans and metrics through OpenTelemetry's SDK",
  "authorized_fetch": "the authorised fetch, warm, costs a header",
};

const only = Deno.args[0] ?? "";
{
  await using stage = await createStage([
    "tests/integration/programs",
    "tests/integration/services",
    "examples/service",
    "examples/aks",
  ]);
  await check("the clients' own types take the credential", async () => {
    const files = [...Object.keys(PROGRAMS), "deno_telemetry"].map((name) => `programs/${name}.ts`);
    await succeed(["deno", "check", ...files], { cwd: stage.folder });
  });
  for (const [program, what] of Object.entries(PROGRAMS).filter(([name]) => name.includes(only))) {
    for (const [runtime, command] of Object.entries(RUNTIMES)) {
      await check(`${what}, on ${runtime}`, () => runProgram(stage, [...command, `programs/${program}.ts`]));
    }
  }
  if ("deno_telemetry".includes(only)) await checkDenoTelemetry(stage);
  if ("example_service".includes(only)) await checkExampleService(stage);
  if ("aks".includes(only)) await checkAks(stage);
  if ("recipes".includes(only)) await checkRecipes(stage);
}
conclude();

async function runProgram({ folder, env, complaints }: Stage, command: string[]): Promise<void> {
  try {
    const output = await succeed(command, { cwd: folder, env });
    if (output) console.log(output.trimEnd());
  } catch (error) {
    throw new Error(`${(error as Error).message}\n--- the services ---\n${complaints()}`);
  }
}
