import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

test("tests/README.md has a row for each suite", () => {
  const rows = readFileSync("tests/README.md", "utf8").match(/^\| `[^|]+/gm)!.join("\n");
  const entries = readdirSync("tests", { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== "support");
  for (const { name } of folders) {
    const files = readdirSync(`tests/${name}`);
    if (files.some((file) => file.endsWith("_test.ts"))) assert.ok(rows.includes(`\`${name}/\``), name);
    for (const file of files.filter((file) => file.endsWith("_verify.ts"))) {
      assert.ok(rows.includes(`\`${name}/\``) || rows.includes(`\`${name}/${file}\``), `${name}/${file}`);
    }
  }
  assert.ok(folders.length > 10);
});
