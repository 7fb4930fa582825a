/** Every relative link in a document leads to a file and, if it has a fragment, to a heading. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { DOCUMENTS, prose, read, ROOT } from "./doc_files.ts";

/** The fragments of a document: its headings, as GitHub makes them, and its anchors. */
function fragments(text: string): string[] {
  const headings = [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")
  );
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id!)];
}

function isDead(link: string, document: string): boolean {
  const [path = "", fragment] = link.split("#");
  const target = path ? join(dirname(document), path) : document;
  if (!existsSync(join(ROOT, target))) return true;
  return fragment !== undefined && !fragments(read(target)).includes(fragment);
}

for (const document of DOCUMENTS) {
  test(`${document}: every relative link has a target`, () => {
    const links = [...prose(read(document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const relative = links.filter((link) => !/^(https?|mailto):/.test(link));
    assert.deepEqual(relative.filter((link) => isDead(link, document)), []);
  });
}

test("every link of an error to docs/errors.md leads to a section", () => {
  const messages = read("tests/messages/messages.txt");
  const links = new Set([...messages.matchAll(/\bdocs\/errors\.md#\S+/g)].map(([link]) => link));
  assert.ok(links.size > 50, `${links.size} links`);
  assert.deepEqual([...links].filter((link) => isDead(link, "README.md")), []);
});
