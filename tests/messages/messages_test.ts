/**
 * Every text that a user can meet, produced for real and kept in one file, so that a reviewer can read them in one sitting
 * and a change shows in the diff. `UPDATE_MESSAGES=1 npm test -- messages` writes the file again.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { listSourceErrors } from "./assertion_sources.ts";
import { listCommandTexts } from "./command_texts.ts";
import { listErrors } from "./errors.ts";
import { listInvalidArguments } from "./invalid_arguments.ts";
import { listLogLines } from "./log_lines.ts";
import { listOutsideTexts } from "./outside_texts.ts";

const FILE = "tests/messages/messages.txt";

/** Replaces what differs from run to run. */
function normalize(text: string): string {
  return text
    .replace(/\b[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\b/g, "<id>")
    .replace(/\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?/g, "<time>")
    .replace(/\b\d+ (h|min|s|ms)( \d+ (min|s))?\b/g, "<duration>")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replace(/durationInMs=\d+/g, "durationInMs=<duration>")
    .replace(/\bless than <duration>/g, "<duration>")
    .replace(/\b1[78]\d{8}\b/g, "<seconds>")
    // Not `\b`, because an ID may begin or end with a hyphen.
    // A page of the documentation has a name of the same length.
    .replace(/(?<![\w-])(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])/g, "<key id>")
    .replace(/[ \t]+$/gm, "");
}

test("every message is the one in messages.txt", async () => {
  const sections: [string, readonly string[]][] = [
    ["Errors of the constructor and of getToken", await listErrors()],
    ["Errors of the sources of assertions", await listSourceErrors()],
    ["Invalid arguments", await listInvalidArguments()],
    ["The command", await listCommandTexts()],
    ["The doctor outside the cluster", await listOutsideTexts()],
    ["The log", await listLogLines()],
  ];
  const text = normalize(
    sections.map(([title, texts]) => `${"=".repeat(4)} ${title} ${"=".repeat(4)}\n\n${texts.join("\n\n")}\n`)
      .join("\n"),
  );
  if (process.env.UPDATE_MESSAGES) writeFileSync(FILE, text);
  // By lines, because a difference in one long text would not be shown.
  assert.deepEqual(text.split("\n"), readFileSync(FILE, "utf8").split("\n"));
});
