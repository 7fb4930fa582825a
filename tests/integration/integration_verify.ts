/** Tries the package with clients and servers that this project did not write. */
import { after, before, describe, test } from "node:test";
import { succeed } from "../../tools/run.ts";
import { testAks } from "./aks.ts";
import { testDenoTelemetry } from "./deno_telemetry.ts";
import { testExampleService } from "./example_service.ts";
import { testRecipes } from "./recipes.ts";
import { createStage, RUNTIMES, type Stage } from "./stage.ts";

/** The programs that are tried on each runtime. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "storage": "@azure/storage-blob and Azurite: 50 blobs, while tokens expire",
  "key_vault": "@azure/keyvault-secrets, claims challenge included",
  "openai": "the openai package's Azure client",
  "chained_credential": "@azure/identity's ChainedTokenCredential tries the next credential where it must",
  "oidc_provider": "a token of oidc-provider, which verifies the assertion",
  "telemetry": "spans and metrics through OpenTelemetry's SDK",
  "authorized_fetch": "what a warm call of the authorised fetch adds to a request",
  "sign_in_openid_client": "openid-client signs in with the projected token",
  "sign_in_oauth4webapi": "oauth4webapi signs in with the projected token",
  "sign_in_better_auth": "better-auth signs in with the projected token",
  "sign_in_msal_node": "@azure/msal-node signs in with the projected token",
  "on_behalf_of": "OnBehalfOfCredential of @azure/identity with the projected token",
  "client_assertion_credential": "ClientAssertionCredential of @azure/identity with the projected token",
};

describe("integration", () => {
  const resources = new AsyncDisposableStack();
  let stage: Stage;
  before(async () => {
    const folders = [
      "tests/integration/programs",
      "tests/integration/services",
      "examples/service",
      "examples/aks",
    ];
    stage = resources.use(await createStage(folders));
  });
  after(() => resources.disposeAsync());

  test("the clients' own types accept the credential", async () => {
    const files = [...Object.keys(PROGRAMS), "deno_telemetry"].map((name) => `programs/${name}.ts`);
    await succeed(["deno", "check", ...files], { cwd: stage.folder });
  });
  for (const [program, what] of Object.entries(PROGRAMS)) {
    for (const [runtime, command] of Object.entries(RUNTIMES)) {
      test(`${what}, on ${runtime}`, () => runProgram(stage, [...command, `programs/${program}.ts`]));
    }
  }
  testDenoTelemetry(() => stage);
  testExampleService(() => stage);
  testAks(() => stage);
  testRecipes(() => stage);
});

async function runProgram({ folder, env, complaints }: Stage, command: string[]): Promise<void> {
  try {
    const output = await succeed(command, { cwd: folder, env });
    if (output) console.log(output.trimEnd());
  } catch (error) {
    throw new Error(`${(error as Error).message}\n--- the services ---\n${complaints()}`);
  }
}
