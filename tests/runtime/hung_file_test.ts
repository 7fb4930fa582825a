import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runChild } from "../support/child.ts";

const PROGRAM = fileURLToPath(new URL("./hung_file_program.ts", import.meta.url));

test("a token file that does not open blocks no other file, and its first content is used", {
  skip: process.platform === "win32" && "needs a named pipe",
}, async () => {
  const { stdout, stderr } = await runChild(PROGRAM);
  assert.deepEqual(JSON.parse(stdout || "{}"), {
    codes: Array(9).fill("timeout"),
    text: "read",
    token: "token",
    assertions: Array(10).fill("e30.e30.c2lnbmF0dXJl"),
  }, stderr);
});
