import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchDirectly } from "../../src/runtime/transport/deno_direct.ts";

/** Replaces a global with a value while a function runs. */
async function replacing(name: string, value: unknown, run: () => Promise<void>): Promise<void> {
  const original = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  try {
    await run();
  } finally {
    if (original) Object.defineProperty(globalThis, name, original);
    else delete (globalThis as Record<string, unknown>)[name];
  }
}

test("each server is its own proxy, with one client that later requests use again", async () => {
  const created: string[] = [];
  const sent: [url: string, client: unknown][] = [];
  const createHttpClient = ({ proxy }: { proxy: { url: string } }) => {
    created.push(proxy.url);
    return `client of ${proxy.url}`;
  };
  const fetch = (url: string, { client }: { client: unknown }) => {
    sent.push([url, client]);
    return Promise.resolve({});
  };
  await replacing("Deno", { createHttpClient }, () =>
    replacing("fetch", fetch, async () => {
      for (const url of ["http://127.0.0.1:8123/a", "http://127.0.0.1:8123/b", "http://127.0.0.1:8124/a"]) {
        await fetchDirectly(url, { method: "POST", headers: {} });
      }
    }));
  assert.deepEqual(created, ["http://127.0.0.1:8123", "http://127.0.0.1:8124"]);
  assert.deepEqual(sent, [
    ["http://127.0.0.1:8123/a", "client of http://127.0.0.1:8123"],
    ["http://127.0.0.1:8123/b", "client of http://127.0.0.1:8123"],
    ["http://127.0.0.1:8124/a", "client of http://127.0.0.1:8124"],
  ]);
});
