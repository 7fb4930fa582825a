/** The installed package on every supported runtime. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BINARIES } from "../../tools/build/entries.ts";
import { succeed } from "../../tools/run.ts";
import { obtain } from "../../tools/obtain.ts";
import { IMPORTABLE } from "./artefact.ts";
import type { Setting } from "./package_verify.ts";

/** The oldest that the package supports, of Node by `engines`, and the newest of each line of Node. */
const OTHERS: readonly [runtime: keyof typeof COMMANDS, version: string][] = [
  ["deno", "2.1.0"],
  ["bun", "1.2.6"],
  ["node", "20.16.0"],
  ["node", "22.3.0"],
  ["node", "22.23.3"],
  ["node", "24.21.0"],
  ["node", "26.10.0"],
];
const COMMANDS = { deno: ["run", "-A"], bun: ["run"], node: [] };

/** The ways in which people run a package's command; nothing is to be downloaded. */
const LAUNCHERS = [
  ["npx", "--no-install", "@workload-id/entra"],
  ["bunx", "--no-install", "@workload-id/entra"],
  ["deno", "run", "-A", "npm:@workload-id/entra"],
];

interface Place {
  readonly name: string;
  readonly runtime: keyof typeof COMMANDS;
  /** The machine's own version and the project's can be any. */
  readonly version?: string;
}

const PLACES: readonly Place[] = [
  { name: "the project's Deno", runtime: "deno" },
  { name: "the project's Bun", runtime: "bun" },
  { name: "the machine's Node", runtime: "node" },
  ...OTHERS.map(([runtime, version]) => ({ name: `${runtime} ${version}`, runtime, version })),
];

/** Checks that every entry imports, and that those with a credential get tokens, in one place after the other. */
export function testRuntimes(setting: () => Setting): void {
  for (const { name, runtime, version } of PLACES) {
    const run = async (...args: string[]) => {
      const executable = version ? await obtain(runtime, version) : runtime;
      const { artefact, emulator } = setting();
      const options = { cwd: artefact.consumer, env: emulator.env };
      return await succeed([executable, ...COMMANDS[runtime], ...args], options);
    };
    test(`${name} imports every entry, and every class has its name`, async () => {
      const { exported, renamed } = JSON.parse(await run("list_exports.mjs"));
      assert.deepEqual(renamed, []);
      const silent = IMPORTABLE.filter((entry) => !exported[entry]?.length);
      assert.deepEqual(silent, []);
    });
    test(`${name} gets tokens from the emulator`, async () => {
      const output = JSON.parse(await run("get_token.mjs"));
      if (version) assert.equal(output.version, version);
      assert.equal(output.runtime, runtime);
      assert.deepEqual(Object.keys(output.tokens), [".", `./${runtime}`, "./core"]);
      for (const token of Object.values(output.tokens)) {
        assert.deepEqual(token, {
          class: "WorkloadIdentityCredential",
          audience: "https://vault.azure.net",
          tenant: setting().emulator.env.AZURE_TENANT_ID,
          isFresh: true,
          isCached: true,
        });
      }
    });
    test(`${name} runs a user's own test in memory`, async () => {
      assert.deepEqual(JSON.parse(await run("test_double.mjs")), { tokenType: "Bearer", requests: 1 });
    });
    for (const binary of Object.keys(BINARIES)) {
      test(`${name} runs the command ${binary}`, async () => {
        assert.match(await run(`node_modules/.bin/${binary}`, "doctor"), /^passed +access token /m);
      });
    }
  }
  for (const launcher of LAUNCHERS) {
    test(`${launcher.join(" ")} runs the command`, async () => {
      const { artefact, emulator } = setting();
      const options = { cwd: artefact.consumer, env: emulator.env };
      assert.match(await succeed([...launcher, "doctor"], options), /^passed +access token /m);
    });
  }
}
