/** Statements of the documents about this repository are true: paths, events, versions. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DOCUMENTS, prose, read, ROOT } from "./doc_files.ts";

const GENERATED = ["docs/errors.md", "docs/performance.md"];

test("there are documents", () => assert.ok(DOCUMENTS.length > 8, DOCUMENTS.join(" ")));

test("no page of docs/ has more than 250 lines, except generated ones", () => {
  const pages = DOCUMENTS.filter((path) => path.startsWith("docs/") && !GENERATED.includes(path));
  assert.ok(pages.length > 15);
  assert.deepEqual(pages.filter((path) => read(path).split("\n").length > 251), []);
});

for (const document of DOCUMENTS) {
  test(`${document}: every path in it exists`, () => {
    const paths = prose(read(document)).matchAll(/`((?:src|tests|tools|bench|docs|examples)\/[\w./-]+)`/g);
    assert.deepEqual([...paths].map(([, path]) => path!).filter((path) => !existsSync(join(ROOT, path))), []);
  });
}

test("docs/operations.md lists every event, at its level", () => {
  const rows = read("docs/operations.md").matchAll(/^\| (`\w+`(?:, `\w+`)*) +\| (\w+) +\|/gm);
  const listed = [...rows].flatMap(([, names, level]) =>
    names!.replaceAll("`", "").split(", ").map((name) => `${name} ${level}`)
  );
  const levels = /LEVEL_OF[^{]+\{([^}]+)\}/.exec(read("src/core/settings/log.ts"))![1]!;
  const known = [...levels.matchAll(/(\w+): "(\w+)"/g)].map(([, name, level]) => `${name} ${level}`);
  assert.ok(known.length > 8);
  assert.deepEqual(listed.sort(), known.sort());
});

test("docs/support.md and README.md promise the runtimes that the package is tried on", () => {
  const tried = [...read("tests/package/runtimes.ts").matchAll(/\["(deno|bun|node)", "([\d.]+)"\]/g)]
    .map(([, name, version]) => ({ name: name!, version: version! }));
  assert.ok(tried.length > 5);
  const support = read("docs/support.md");
  const readme = read("README.md");
  for (const name of ["Deno", "Bun", "Node"]) {
    const [, from = "", said = ""] =
      new RegExp(`^\\| ${name} +\\| (.+?) +\\| (.+?) +\\|$`, "m").exec(support) ??
        [];
    const versions = tried.filter((runtime) => runtime.name === name.toLowerCase());
    assert.deepEqual(said.match(/\d+\.\d+\.\d+/g), versions.map(({ version }) => version));
    for (const oldest of from.split(", ")) {
      assert.ok(versions.some(({ version }) => `${version}.`.startsWith(`${oldest}.`)), `${name} ${oldest}`);
    }
    assert.ok(readme.includes(`${name} ${from.replace(", ", " or ")}`), `${name} ${from}`);
  }
});
