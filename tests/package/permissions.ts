/** The installed package on Deno, with the permissions that the documentation names and with one less. */
import assert from "node:assert/strict";
import { run } from "../../tools/run.ts";
import { check } from "../../tools/verify/checks.ts";
import type { Artefact } from "./artefact.ts";
import type { Emulator } from "./emulator.ts";

/** Checks that three permissions are enough, and that each one missing is named. */
export async function checkPermissions({ consumer }: Artefact, { env }: Emulator): Promise<void> {
  const tokenFile = env.AZURE_FEDERATED_TOKEN_FILE!;
  const { host } = new URL(env.AZURE_AUTHORITY_HOST!);
  const variables = Object.keys(env);
  const flags = {
    env: `--allow-env=${variables.join(",")}`,
    read: `--allow-read=${tokenFile}`,
    net: `--allow-net=${host}`,
  };
  const runWith = async (permissions: string[], file = "get_token.mjs") => {
    const { stdout, output } = await run(["deno", "run", "--no-prompt", ...permissions, file], {
      cwd: consumer,
      env,
    });
    assert.notEqual(stdout, "", output);
    return JSON.parse(stdout);
  };

  await check("Deno imports every entry without any permission", async () => {
    assert.deepEqual((await runWith([], "list_exports.mjs")).renamed, []);
  });
  await check("Deno needs --allow-env, --allow-read and --allow-net, and no more", async () => {
    const { tokens } = await runWith(Object.values(flags));
    assert.deepEqual(Object.keys(tokens), [".", "./deno", "./core"]);
  });
  const refusals: [missing: string, permissions: string[], code: string, names: string][] = [
    ["--allow-env", [flags.read, flags.net], "client_id_missing", "--allow-env=AZURE_CLIENT_ID"],
    ...(["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"] as const).map((
      variable,
    ): [string, string[], string, string] => [
      variable,
      [`--allow-env=${variables.filter((name) => name !== variable)}`, flags.read, flags.net],
      CODES[variable],
      `--allow-env=${variable}`,
    ]),
    ["--allow-read", [flags.env, flags.net], "permission_denied", `--allow-read=${tokenFile}`],
    ["--allow-net", [flags.env, flags.read], "permission_denied", `--allow-net=${host}`],
  ];
  for (const [missing, permissions, code, names] of refusals) {
    await check(`Deno without ${missing}: the error names it`, async () => {
      const error = await runWith(permissions);
      assert.equal(error.name, "CredentialUnavailableError");
      assert.equal(error.code, code);
      assert.ok(error.message.includes(names), error.message);
    });
  }
}

const CODES = {
  AZURE_CLIENT_ID: "client_id_missing",
  AZURE_TENANT_ID: "tenant_id_missing",
  AZURE_FEDERATED_TOKEN_FILE: "token_file_path_missing",
};
