/** Every relative link in a paper leads to a file, and to a heading in it where it names one. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { PAPERS, prose, read, ROOT } from "./doc_files.ts";

/** The fragments of a paper's headings, as GitHub makes them. */
function fragments(text: string): string[] {
  return [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")
  );
}

function isDead(link: string, paper: string): boolean {
  const [path = "", fragment] = link.split("#");
  const target = path ? join(dirname(paper), path) : paper;
  if (!existsSync(join(ROOT, target))) return true;
  return fragment !== undefined && !fragments(read(target)).includes(fragment);
}

for (const paper of PAPERS) {
  test(`${paper}: every relative link leads somewhere`, () => {
    const links = [...prose(read(paper)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const relative = links.filter((link) => !/^(https?|mailto):/.test(link));
    assert.deepEqual(relative.filter((link) => isDead(link, paper)), []);
  });
}
