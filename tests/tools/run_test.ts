import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";
import { test } from "node:test";

function runDeno(args: string[], env: Record<string, string> = {}) {
  const { NODE_TEST_CONTEXT: _context, ...inherited } = process.env;
  const child = spawn("deno", args, { env: { ...inherited, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => output += text);
  }
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

test("a word that no test file has in its path is an error", async () => {
  for (const program of ["tools/test.ts", "tools/verify.ts"]) {
    const { code, output } = await runDeno(["run", "-A", program, "no_such_file"]);
    assert.equal(code, 2);
    assert.match(output, /^No file has "no_such_file" in its path/);
  }
});

test("a silent command is ended with its descendants' streams, and the output says why", async () => {
  const program = `
    import { run } from "./tools/run.ts";
    const { success, output } = await run(["sh", "-c", "echo started; sleep 20 & sleep 20"]);
    console.log(success, output);
  `;
  const { output } = await runDeno(["eval", program], { SILENCE_LIMIT_IN_MINUTES: "0.02" });
  assert.match(output, /^false started\n/);
  assert.match(output, /Ended sh .+: it printed nothing for 0\.02 minutes\. Set SILENCE_LIMIT_IN_MINUTES /);
});

test("an invalid limit for silent commands is an error before anything runs", async () => {
  for (const limit of ["abc", "0", "-1", "Infinity"]) {
    const { code, output } = await runDeno(["run", "-A", "tools/test.ts", "run"], {
      SILENCE_LIMIT_IN_MINUTES: limit,
    });
    assert.equal(code, 2);
    assert.equal(
      output,
      `SILENCE_LIMIT_IN_MINUTES must be a number above 0, up to 35000, but is "${limit}".\n`,
    );
  }
});

test("of a failing file only the failures are shown", async () => {
  const folder = await mkdtemp(`${tmpdir()}/entra-`);
  const text = `
    import { test } from "node:test";
    for (let count = 0; count < 100; count++) test("good " + count, () => {});
    test("bad", () => { throw new Error("broken"); });
  `;
  const program = `
    import { runTestFile } from "./tools/test_file.ts";
    console.log(JSON.stringify(await runTestFile(Deno.args[1], Deno.args[0])));
  `;
  try {
    await writeFile(`${folder}/planted_test.ts`, text);
    for (const runtime of ["Deno", "Bun", "Node"]) {
      const { output } = await runDeno(["eval", program, runtime, `${folder}/planted_test.ts`]);
      const { passed, failed, problems } = JSON.parse(output);
      assert.deepEqual([passed, failed], [100, 1], problems);
      assert.match(problems, /broken/);
      assert.doesNotMatch(problems, /good \d/);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
