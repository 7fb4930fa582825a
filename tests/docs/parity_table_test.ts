/** Every row of docs/parity.md names an existing test. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rows = readFileSync(`${root}docs/parity.md`, "utf8").split("\n")
  .filter((line) => line.startsWith("|") && !/^\|\s*(-|@azure\/identity\s*\|)/.test(line));

/** The text of a test file, or of all files in a folder of tests. */
function read(path: string): string {
  if (!statSync(path).isDirectory()) return readFileSync(path, "utf8");
  return readdirSync(path).map((name) => read(`${path}/${name}`)).join("\n");
}

test("the table has its rows", () => assert.ok(rows.length > 50, `${rows.length} rows`));

for (const row of rows) {
  const [, theirs = "", , cell = ""] = row.split(/(?<!\\)\|/).map((text) => text.trim());
  test(`parity: ${theirs.slice(0, 60)}`, () => {
    const [, file, name] = /^`(?:tests\/)?([\w/.]+)`: (.+)$/.exec(cell) ?? [];
    assert.ok(file && name, `no test is named in: ${row}`);
    assert.ok(
      read(`${root}tests/${file}`).includes(name.replaceAll("\\|", "|")),
      `${file} has no test named ${name}`,
    );
  });
}
