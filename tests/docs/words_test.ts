/** Texts for people avoid words that make them hard to understand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DOCUMENTS, listFiles, prose, read } from "./doc_files.ts";

/** Words to avoid, each with a replacement. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\btold\b/i, "given, called with, configured"],
  [/\btells? of\b/i, "reports"],
  [/\bmend(s|ed|ing)?\b/i, "fix"],
  [/\bwhoever\b/i, "anyone who"],
  [/\banew\b/i, "again"],
  [/\bof (its|their|our|your|one's) own\b(?! \w)/i, "its own X, separate"],
  [/\bto the letter\b/i, "exactly"],
  [/\b(comes?|came) about\b/i, "happens, is established"],
  [/\bpass(es|ed)? (over|by)\b/i, "ignores, skips"],
  [/\b(stands?|stood) for\b/i, "means"],
  [/\bbesides\b/i, "in addition to, also"],
  [/(?<!\bthere )\bis no (?!longer\b|more\b|less\b)\w/i, "is not a"],
  [/\bin place of\b/i, "instead of"],
  [/\bwhat (it|they) (is|are) given\b/i, "its argument"],
  [/\blends?\b/i, "provides"],
  [/\bthe way to\b/i, "the path to, the connection to"],
  [/\bthat is how\b/i, "so"],
  [/\bhonest(ly)?\b/i, "correct, real"],
  [/\b(brings?|brought) about\b/i, "causes"],
  [/\bholds? nothing\b/i, "is empty"],
  [/\basks? of\b/i, "requires"],
];
/** A docstring begins with a verb or a noun phrase. */
const QUESTION = /\/\*\*\s+(?:\* )?(?:What|Whether|Who|How)\b.*/g;
/** Code whose comments, docstrings and messages are searched. */
const SOURCES: readonly string[] = ["bench", "examples", "site", "src", "tests", "tools"].flatMap(listFiles)
  .filter((path) => /\.m?ts$|\.mjs$/.test(path) && !/node_modules|\bdist\b|\bcache\b/.test(path));
const THIS_FILE = "tests/docs/words_test.ts";

/** The lines of a text with a word that is out, each with its suggestion. */
function findWords(text: string): string[] {
  return text.split("\n").flatMap((line) =>
    WORDS.filter(([word]) => word.test(line)).map(([word, suggestion]) =>
      `"${word.exec(line)![0]}", better ${suggestion}: ${line.trim()}`
    )
  );
}

/** The prose of a document, without identifiers and, in the changelog, without what has been released. */
function proseOf(document: string): string {
  const text = read(document);
  const current = document === "CHANGELOG.md" ? text.split(/^## \[\d/m)[0]! : text;
  return prose(current).replace(/`[^`]*`/g, "`…`");
}

for (const path of DOCUMENTS) {
  test(`${path} is in plain words`, () => assert.deepEqual(findWords(proseOf(path)), []));
}

test("the code is in plain words", () => {
  const files = SOURCES.filter((path) => path !== THIS_FILE);
  assert.ok(files.length > 100, `${files.length} files`);
  assert.deepEqual(files.flatMap((path) => findWords(read(path)).map((word) => `${path}: ${word}`)), []);
});

test("docstrings begin with a verb or a noun phrase", () => {
  const find = (text: string) => text.match(QUESTION) ?? [];
  for (const planted of ["/** Whether it runs. */", "/**\n * How it ends.\n */", "  /** What it is. */"]) {
    assert.equal(find(planted).length, 1, planted);
  }
  const files = SOURCES.filter((path) => path !== THIS_FILE);
  assert.deepEqual(files.flatMap((path) => find(read(path)).map((start) => `${path}: ${start}`)), []);
});

test("a planted word is rejected", () => {
  assert.deepEqual(findWords("The file is read again.\nThere is no discovery.\nIt is no longer valid."), []);
  for (
    const text of [
      "/** Is told of events. */",
      "It reads the file ANEW.",
      "which is no error",
      "stands for many",
    ]
  ) {
    assert.equal(findWords(`first line\n${text}`).length, 1, text);
  }
});
