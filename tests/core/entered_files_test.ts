import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { serveTestCluster } from "../../src/testing/mod.ts";
import { TYPESCRIPT } from "../support/child.ts";

/** The number of files that someone who follows a call through the core has to read at most. */
const MOST: Readonly<Record<string, number>> = {
  "warm hit": 3,
  "cold success": 18,
  "rejection with diagnosis": 28,
};

/** V8 counts calls by function on Node only, so the program runs there whichever runtime this test runs on. */
async function listEnteredFiles(
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, string[]>> {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const program = "tests/core/entered_files_program.ts";
  const child = spawn("node", ["--no-warnings", `--import=${TYPESCRIPT}`, program], {
    env: { ...env, ...environment },
    stdio: "pipe",
  });
  let output = "";
  let problems = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => output += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => problems += text);
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, problems);
  return JSON.parse(output);
}

test("a call enters few files of the core", async () => {
  const cluster = await serveTestCluster();
  cluster.emulator.setFaults([{ code: 700024, match: { scope: "https://storage.azure.com/.default" } }]);
  const entered = await listEnteredFiles(cluster.environment).finally(() => cluster.close());
  assert.deepEqual(Object.keys(entered), Object.keys(MOST));
  for (const [kind, files] of Object.entries(entered)) {
    console.log(`${kind}: ${files.length} files\n  ${files.join("\n  ")}`);
    assert.ok(files.includes("src/core/credential.ts"));
    assert.ok(files.length <= MOST[kind]!, `${kind}: ${files.length} files, at most ${MOST[kind]}`);
  }
});
