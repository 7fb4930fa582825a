/** The installed package in a process that cannot load the modules that are loaded late. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { succeed } from "../../tools/run.ts";
import { obtain } from "../../tools/obtain.ts";
import type { Setting } from "./package_verify.ts";

/** Few enough to be used up in no time, and enough for each runtime to start. */
const DESCRIPTORS = 200;

interface Place {
  readonly name: string;
  readonly command: () => Promise<string[]>;
  /** True if an import that failed for lack of a descriptor succeeds later. */
  readonly triesAgain: boolean;
}

const PLACES: readonly Place[] = [
  {
    name: "Deno",
    command: () => Promise.resolve(["deno", "run", "-A"]),
    triesAgain: true,
  },
  {
    name: "Bun",
    command: () => Promise.resolve(["bun", "run"]),
    triesAgain: true,
  },
  {
    name: "Node 20",
    command: () => Promise.resolve(["node"]),
    triesAgain: false,
  },
  {
    name: "Node 24",
    command: async () => [await obtain("node", "24.21.0")],
    triesAgain: true,
  },
];

/** The fields of an error without advice: class, code, attempts and place. */
const WITHOUT = {
  name: "CredentialUnavailableError",
  code: "entra_unavailable",
  attempts: 3,
  advice: [],
  lines: ["Where"],
};

/** Checks that calls fail with the right errors, and that the same process gets a token afterwards. */
export function testLateLoading(setting: () => Setting): void {
  for (const { name, command, triesAgain } of PLACES) {
    const run = async (mode: string) => {
      const { folder, artefact, emulator } = setting();
      const consumer = `${folder}/${mode}-${name.replace(" ", "-")}`;
      await succeed(["cp", "-r", artefact.consumer, consumer]);
      const root = `${consumer}/node_modules/@workload-id/entra`;
      const program = [...await command(), "late_loading.mjs", mode, root].map((word) => `'${word}'`).join(
        " ",
      );
      const limit = mode === "descriptors" ? `ulimit -n ${DESCRIPTORS}; ` : "";
      const options = { cwd: consumer, env: emulator.env };
      return JSON.parse(await succeed(["sh", "-c", `${limit}exec ${program}`], options));
    };
    test(`${name} without a free file descriptor: errors lack their advice only, and calls succeed later`, async () => {
      const { without, file, again, token, fileToken } = await run("descriptors");
      assert.deepEqual(without, WITHOUT);
      assert.deepEqual(file, { ...WITHOUT, code: "token_file_unreadable", attempts: 0 });
      assert.deepEqual([token, fileToken], ["Bearer", "Bearer"]);
      assert.deepEqual({ ...again, advice: [], lines: ["Where"] }, WITHOUT);
      assert.equal(again.advice.length > 0, triesAgain);
    });
    test(`${name} after the package was removed: errors lack their advice only, and calls succeed`, async () => {
      const { without, again, token, fileToken } = await run("removed");
      assert.deepEqual(without, WITHOUT);
      assert.deepEqual(again, WITHOUT);
      assert.deepEqual([token, fileToken], ["Bearer", "Bearer"]);
    });
    // Deno has neither hooks for modules nor does it wait for a pipe.
    if (name === "Deno") continue;
    test(`${name} while a load hangs: an abort and a timeout end their call at once`, async () => {
      const { order, token } = await run("hanging");
      assert.deepEqual(order, ["aborted", "timed out", "failed without advice"]);
      assert.equal(token, "Bearer");
    });
  }
}
