import assert from "node:assert/strict";
import { test } from "node:test";
import { readText } from "../../src/runtime/read_text.ts";

/** A file that is read in pieces of a size, and the sizes of the buffers that it had to fill. */
function open(text: string, pieceInBytes = Infinity) {
  let bytes = new TextEncoder().encode(text);
  const buffers: number[] = [];
  const read = (buffer: Uint8Array) => {
    buffers.push(buffer.length);
    const piece = bytes.subarray(0, Math.min(buffer.length, pieceInBytes));
    bytes = bytes.subarray(piece.length);
    buffer.set(piece);
    return Promise.resolve(piece.length);
  };
  return { read, buffers };
}

test("a character that is split between two reads is decoded", async () => {
  for (const size of [1, 2, 3]) assert.equal(await readText(open("aü€😀", size).read, 100), "aü€😀");
});

test("a character that the limit cuts off is replaced", async () => {
  assert.equal(await readText(open("a€").read, 3), "a\uFFFD");
});

test("a file is read in pieces of at most 4 KiB, and not beyond the limit", async () => {
  const { read, buffers } = open("x".repeat(10_000));
  assert.equal((await readText(read, 8_400)).length, 8_400);
  assert.deepEqual(buffers, [4_096, 4_096, 208]);
});

test("a file ends where a read returns nothing", async () => {
  for (const end of [0, null]) assert.equal(await readText(() => Promise.resolve(end), 10), "");
});
