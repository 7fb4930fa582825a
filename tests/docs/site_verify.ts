/** Builds the documentation site. `npm run docs -- --check` also opens its pages in Chromium. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENTRIES } from "../../tools/build/entries.ts";
import { listFiles, succeed } from "../../tools/run.ts";

test("npm run docs builds a page for each document and each entry", async () => {
  await succeed(["npm", "run", "docs"]);
  const entries = Object.keys(ENTRIES).filter((entry) => entry !== "./cli");
  const pages = [
    ...listFiles("docs", ".md").map((file) =>
      file.replace(/\.md$/, ".html").replace("README.html", "index.html")
    ),
    ...entries.map((entry) => `reference/entra/${entry.replace(/^\.\/?/, "")}/index.html`.replace("//", "/")),
  ];
  for (const page of pages) assert.ok(Deno.statSync(`site/dist/${page}`).size > 1000, page);
});
