/** The installed package on every runtime that it promises to run on. */
import assert from "node:assert/strict";
import { BINARIES } from "../../tools/build/entries.ts";
import { check, succeed } from "../../tools/verify/checks.ts";
import { obtain } from "../../tools/verify/obtain.ts";
import { type Artefact, IMPORTABLE } from "./artefact.ts";
import type { Emulator } from "./emulator.ts";

/** The oldest that the package supports, of Node by `engines`, and the newest of each line of Node. */
const OTHERS: readonly [name: keyof typeof COMMANDS, version: string][] = [
  ["deno", "2.1.0"],
  ["bun", "1.2.6"],
  ["node", "20.16.0"],
  ["node", "22.3.0"],
  ["node", "22.23.3"],
  ["node", "24.21.0"],
  ["node", "26.10.0"],
];
const COMMANDS = { deno: ["run", "-A"], bun: ["run"], node: [] };

/** How people run a package's command; nothing is to be downloaded. */
const LAUNCHERS = [
  ["npx", "--no-install", "@workload-id/entra"],
  ["bunx", "--no-install", "@workload-id/entra"],
  ["deno", "run", "-A", "npm:@workload-id/entra"],
];

interface Place {
  readonly name: string;
  readonly runtime: keyof typeof COMMANDS;
  readonly executable: string;
  /** The machine's own, and the project's, may be any. */
  readonly version?: string;
}

/** Checks that every entry imports, and that those with a credential get tokens, in one place after the other. */
export async function checkRuntimes({ consumer }: Artefact, { env }: Emulator): Promise<void> {
  const places: Place[] = [
    { name: "the project's Deno", runtime: "deno", executable: "deno" },
    { name: "the project's Bun", runtime: "bun", executable: "bun" },
    { name: "the machine's Node", runtime: "node", executable: "node" },
  ];
  for (const [runtime, version] of OTHERS) {
    await check(`${runtime} ${version} is at hand`, async () => {
      const executable = await obtain(runtime, version);
      places.push({ name: `${runtime} ${version}`, runtime, executable, version });
    });
  }
  for (const { name, runtime, executable, version } of places) {
    const run = (...args: string[]) =>
      succeed([executable, ...COMMANDS[runtime], ...args], { cwd: consumer, env });
    await check(`${name} imports every entry, and every class has its name`, async () => {
      const { exported, renamed } = JSON.parse(await run("list_exports.mjs"));
      assert.deepEqual(renamed, []);
      const silent = IMPORTABLE.filter((entry) => !exported[entry]?.length);
      assert.deepEqual(silent, []);
    });
    await check(`${name} gets tokens from the emulator`, async () => {
      const answer = JSON.parse(await run("get_token.mjs"));
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
        assert.match(await run(`node_modules/.bin/${binary}`, "doctor"), /^passed +access token /m);
      });
    }
  }
  for (const launcher of LAUNCHERS) {
    await check(`${launcher.join(" ")} runs the command`, async () => {
      assert.match(await succeed([...launcher, "doctor"], { cwd: consumer, env }), /^passed +access token /m);
    });
  }
}
