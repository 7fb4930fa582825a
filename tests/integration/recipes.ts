/** The programs of the documents that need the clients of many services. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type CodeBlock, listCodeBlocks } from "../docs/code_blocks.ts";
import { NEEDING_CLIENTS } from "../docs/doc_files.ts";
import { succeed } from "../../tools/run.ts";
import { obtain } from "../../tools/obtain.ts";
import { RUNTIMES, type Stage } from "./stage.ts";

/** These need a server that the tests lack, or a user's browser: they are compiled, but not run. */
const ONLY_COMPILED = new RegExp(
  [
    '"(pg|tedious|redis|kafkajs|ai|openid-client|oauth4webapi|better-auth)"',
    '"@(azure/(service-bus|msal-node|ai-projects)|aws-sdk/client-sts|vercel/oidc)"',
    "(OnBehalfOf|ClientAssertion)Credential",
  ].join("|"),
);

/** Compiles all of them unchanged, and runs those whose service the tests emulate, with its local address. */
export function testRecipes(stage: () => Stage): void {
  const blocks = NEEDING_CLIENTS.flatMap(listCodeBlocks).filter(({ language }) => language === "ts");
  const runnable = blocks.filter(({ text }) => !ONLY_COMPILED.test(text));
  before(async () => {
    const { folder, env } = stage();
    await Deno.mkdir(`${folder}/recipes/run`, { recursive: true });
    for (const block of blocks) {
      await Deno.writeTextFile(`${folder}/recipes/${fileOf(block)}`, block.text);
      await Deno.writeTextFile(`${folder}/recipes/run/${fileOf(block)}`, redirect(block.text, env));
    }
  });
  test(`${blocks.length} recipes compile`, async () => {
    assert.ok(runnable.length > 10 && blocks.length > runnable.length);
    const files = blocks.map((block) => `recipes/${fileOf(block)}`);
    await succeed(["deno", "check", ...files], { cwd: stage().folder });
  });
  for (const block of runnable) {
    test(`${block.place} runs on ${Object.keys(RUNTIMES).join(", ")}`, async () => {
      const { folder, env } = stage();
      const commands = { ...RUNTIMES, Node: [await obtain("node", "24.21.0"), "--no-warnings"] };
      for (const command of Object.values(commands)) {
        const output = await succeed([...command, `recipes/run/${fileOf(block)}`], { cwd: folder, env });
        if (block.text.includes("console.log(")) assert.notEqual(output, "", command[0]);
      }
    });
  }
  test("Azure's clients start on Deno with the permissions that docs/recipes.md names", async () => {
    const { folder, env } = stage();
    const { AZURE_FEDERATED_TOKEN_FILE, AZURE_AUTHORITY_HOST, VAULT_URL, BLOB_ENDPOINT } = env;
    const hosts = [AZURE_AUTHORITY_HOST, VAULT_URL, BLOB_ENDPOINT].map((url) => new URL(url!).host);
    const named = Deno.readTextFileSync("docs/recipes.md").match(/`--allow-(env|sys=\w+)`/g)!;
    const flags = [
      ...named.map((flag) => flag.replaceAll("`", "")),
      `--allow-read=${AZURE_FEDERATED_TOKEN_FILE}`,
      `--allow-net=${hosts}`,
    ];
    for (const { place } of blocks.filter(({ text }) => /SecretClient|BlobServiceClient/.test(text))) {
      const command = ["deno", "run", "--no-prompt", "--quiet", ...flags, `recipes/run/${fileOf({ place })}`];
      // If it is set, Deno requires one more permission.
      await succeed(command, { cwd: folder, env: { ...env, NODE_EXTRA_CA_CERTS: "" } });
    }
  });
}

function fileOf({ place }: Pick<CodeBlock, "place">): string {
  return `${place.replace(/\W+/g, "_")}.ts`;
}

/** Replaces Azure's address with that of a local service. */
function redirect(text: string, env: Readonly<Record<string, string>>): string {
  const { VAULT_URL, BLOB_ENDPOINT, OPENAI_ENDPOINT, AZURE_AUTHORITY_HOST } = env;
  return text
    .replace(
      /new SecretClient\(".+?", (.+?)\);/,
      `new SecretClient("${VAULT_URL}", $1, { disableChallengeResourceVerification: true });`,
    )
    .replace("https://myaccount.blob.core.windows.net", BLOB_ENDPOINT!)
    .replace("https://my-resource.openai.azure.com", OPENAI_ENDPOINT!)
    .replace(/https:\/\/graph\.microsoft\.com\/v1\.0\S+?"/, `${VAULT_URL}/v1.0/users"`)
    .replace("AzureAuthorityHosts.AzureGovernment", JSON.stringify(AZURE_AUTHORITY_HOST))
    .replace("https://vault.usgovcloudapi.net", "https://vault.azure.net");
}
