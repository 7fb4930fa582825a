import assert from "node:assert/strict";
import { test } from "node:test";
import { readBody } from "../../src/core/acquisition/token_endpoint.ts";
import type { FetchResponse } from "../../src/core/contract/runtime.ts";

const MIB = 1024 * 1024;

/** A response that records how it was read. */
function respond(headers: Record<string, string>, sent: string): FetchResponse {
  return {
    status: 200,
    headers: new Headers(headers),
    body: new Blob([sent]).stream(),
    text: () => Promise.resolve("read at once"),
  };
}

test("a body is read at once if its length is known to be small", async () => {
  assert.equal(await readBody(respond({ "content-length": "6" }, "stream")), "read at once");
  assert.equal(await readBody(respond({ "content-length": String(MIB) }, "stream")), "read at once");
});

for (
  const [what, headers] of [
    ["has no length", {}],
    ["has a length that is not a number", { "content-length": "six" }],
    ["is compressed, and may be larger than its length", {
      "content-length": "6",
      "content-encoding": "gzip",
    }],
    ["comes in chunks, whatever length it claims", {
      "content-length": "6",
      "transfer-encoding": "chunked",
    }],
    ["has a length in another notation", { "content-length": "1e3" }],
    ["has a length below 0", { "content-length": "-6" }],
    ["is too large", { "content-length": String(MIB + 1) }],
  ] as const
) {
  test(`a body that ${what} is read as a stream`, async () => {
    assert.equal(await readBody(respond(headers, "stream")), "stream");
  });
}

test("the body of a transport that only streams is read as a stream", async () => {
  const { text: _, ...response } = respond({ "content-length": "6" }, "stream");
  assert.equal(await readBody(response), "stream");
});

test("a character that is split between two chunks is decoded", async () => {
  const bytes = new TextEncoder().encode("a€b");
  const body = (async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte);
  })();
  assert.equal(await readBody({ status: 200, headers: new Headers(), body }), "a€b");
});

test("a response without a body is read by its text method, up to 1 MiB", async () => {
  const respondWith = (text: string) => ({
    status: 200,
    headers: new Headers(),
    text: () => Promise.resolve(text),
  });
  assert.equal(await readBody(respondWith("text")), "text");
  assert.equal((await readBody(respondWith(" ".repeat(MIB)))).length, MIB);
  await assert.rejects(readBody(respondWith(" ".repeat(MIB + 1))), { problem: "too_large" });
  assert.equal(await readBody({ status: 204, headers: new Headers() }), "");
});

test("a stream of more than 1 MiB is rejected", async () => {
  assert.equal((await readBody(respond({}, " ".repeat(MIB)))).length, MIB);
  await assert.rejects(readBody(respond({}, " ".repeat(MIB + 1))), { problem: "too_large" });
});
