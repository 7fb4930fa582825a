/** The installed package on every runtime that it promises to run on. */
import assert from "node:assert/strict";
import { BINARIES } from "../../tools/build/entries.ts";
import { check, succeed } from "../../tools/verify/checks.ts";
import { type Artefact, IMPORTABLE } from "./artefact.ts";
import type { Emulator } from "./emulator.ts";

/** The oldest of each line that `engines` admits, and the newest. */
const NODES = ["20.16.0", "22.3.0", "22.23.3", "24.21.0", "26.10.0"];
const CACHE = ".cache";

interface Place {
  readonly name: string;
  readonly command: readonly string[];
  /** As `process.version` has it; the machine's own may be any. */
  readonly version?: string;
}

/** Checks that every entry imports, and that those with a credential get tokens, in one place after the other. */
export async function checkRuntimes({ consumer }: Artefact, { env }: Emulator): Promise<void> {
  const places: Place[] = [
    { name: "Deno", command: ["deno", "run", "-A"] },
    { name: "Bun", command: ["bun", "run"] },
    { name: "the machine's Node", command: ["node"] },
  ];
  for (const version of NODES) {
    await check(`Node ${version} is at hand`, async () => {
      const node = await obtainNode(version);
      places.push({ name: `Node ${version}`, command: [node], version: `v${version}` });
    });
  }
  for (const { name, command, version } of places) {
    const run = (...args: string[]) => succeed([...command, ...args], { cwd: consumer, env });
    await check(`${name} imports every entry, and every class has its name`, async () => {
      const { exported, renamed } = JSON.parse(await run("list_exports.mjs"));
      assert.deepEqual(renamed, []);
      const silent = IMPORTABLE.filter((entry) => !exported[entry]?.length);
      assert.deepEqual(silent, []);
    });
    await check(`${name} gets tokens from the emulator`, async () => {
      const answer = JSON.parse(await run("get_token.mjs"));
      const runtime = command[0] === "deno" || command[0] === "bun" ? command[0] : "node";
      if (version) assert.equal(answer.version, version);
      assert.equal(answer.runtime, runtime);
      assert.deepEqual(Object.keys(answer.tokens), [".", `./${runtime}`, "./core"]);
      for (const token of Object.values(answer.tokens)) {
        assert.deepEqual(token, {
          class: "WorkloadIdentityCredential",
          audience: "https://vault.azure.net",
          tenant: env.AZURE_TENANT_ID,
          isFresh: true,
          isCached: true,
        });
      }
    });
    await check(`${name} runs a user's own test in memory`, async () => {
      assert.deepEqual(JSON.parse(await run("test_double.mjs")), { tokenType: "Bearer", requests: 1 });
    });
    for (const binary of Object.keys(BINARIES)) {
      await check(`${name} runs the command ${binary}`, async () => {
        assert.match(await run(`node_modules/.bin/${binary}`, "--help"), new RegExp(binary));
      });
    }
  }
}

/** Installs a Node in a folder of its own, where it shadows no other, and returns its path. */
async function obtainNode(version: string): Promise<string> {
  const folder = `${Deno.cwd()}/${CACHE}/node-${version}`;
  const node = `${folder}/node_modules/node/bin/node`;
  const tell = () => succeed([node, "--version"]).catch(() => "");
  if ((await tell()).trim() !== `v${version}`) {
    Deno.mkdirSync(folder, { recursive: true });
    const manifest = { private: true, dependencies: { node: version }, allowScripts: { node: true } };
    Deno.writeTextFileSync(`${folder}/package.json`, JSON.stringify(manifest));
    await succeed(["npm", "install"], { cwd: folder });
    assert.equal((await tell()).trim(), `v${version}`);
  }
  return node;
}
