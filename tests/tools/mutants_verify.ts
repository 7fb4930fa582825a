/** Changes the sources in a hundred random places, and checks that the tests notice. `npm run mutate` tries all places. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../tools/run.ts";

test("the tests notice a sample of 100 mutants", async () => {
  const command = ["deno", "run", "-A", "tools/mutation/main.ts", "--sample", "100"];
  const { success, output } = await run(command, { onOutput: (text) => console.log(text.trimEnd()) });
  assert.ok(success, output);
});
