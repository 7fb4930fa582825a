/** The installed package on Deno, with the permissions that the documentation names and with one less. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../tools/run.ts";
import type { Setting } from "./package_verify.ts";

/** The variables that must be granted, and the error code without each. */
const CODES = {
  AZURE_CLIENT_ID: "client_id_missing",
  AZURE_TENANT_ID: "tenant_id_missing",
  AZURE_FEDERATED_TOKEN_FILE: "token_file_path_missing",
};

/** Checks that three permissions suffice, and that errors name a missing one. */
export function testPermissions(setting: () => Setting): void {
  const flags = (withoutVariable?: string) => {
    const { env } = setting().emulator;
    return {
      env: `--allow-env=${Object.keys(env).filter((name) => name !== withoutVariable)}`,
      read: `--allow-read=${env.AZURE_FEDERATED_TOKEN_FILE}`,
      net: `--allow-net=${new URL(env.AZURE_AUTHORITY_HOST!).host}`,
    };
  };
  const runWith = async (permissions: string[], file = "get_token.mjs") => {
    const { artefact, emulator } = setting();
    const { stdout, output } = await run(["deno", "run", "--no-prompt", ...permissions, file], {
      cwd: artefact.consumer,
      env: emulator.env,
    });
    assert.notEqual(stdout, "", output);
    return JSON.parse(stdout);
  };
  const testMissing = (missing: string, permissions: () => string[], code: string, named: () => string) =>
    test(`Deno without ${missing}: the error names it`, async () => {
      const error = await runWith(permissions());
      assert.equal(error.name, "CredentialUnavailableError");
      assert.equal(error.code, code);
      assert.ok(error.message.includes(named()), error.message);
    });

  test("Deno imports every entry without any permission", async () => {
    assert.deepEqual((await runWith([], "list_exports.mjs")).renamed, []);
  });
  test("Deno needs --allow-env, --allow-read and --allow-net, and no more", async () => {
    const { tokens } = await runWith(Object.values(flags()));
    assert.deepEqual(Object.keys(tokens), [".", "./deno", "./core"]);
  });
  testMissing(
    "--allow-env",
    () => [flags().read, flags().net],
    "client_id_missing",
    () => "--allow-env=AZURE_CLIENT_ID",
  );
  for (const [variable, code] of Object.entries(CODES)) {
    testMissing(variable, () => Object.values(flags(variable)), code, () => `--allow-env=${variable}`);
  }
  testMissing("--allow-read", () => [flags().env, flags().net], "permission_denied", () => flags().read);
  testMissing("--allow-net", () => [flags().env, flags().read], "permission_denied", () => flags().net);
}
