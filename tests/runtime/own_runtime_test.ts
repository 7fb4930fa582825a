/** The parts that each runtime's entry brings itself: variables, files, timers, and on Deno permissions and direct connections. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import process from "node:process";
import { test } from "node:test";
import type { FetchInit } from "../../src/core/mod.ts";
import * as bun from "../../src/runtime/bun.ts";
import * as deno from "../../src/runtime/deno.ts";
import * as node from "../../src/runtime/node.ts";
import { fetchDirectly } from "../../src/runtime/transport/deno_direct.ts";
import { RUNTIME } from "../support/child.ts";

const own = { deno, bun, node }[RUNTIME];

test("the entry's credential reads the runtime's variables and token file", async () => {
  const folder = await mkdtemp(`${tmpdir()}/own-runtime-`);
  const variables = {
    AZURE_TENANT_ID: "11111111-2222-3333-4444-555555555555",
    AZURE_CLIENT_ID: "66666666-7777-8888-9999-000000000000",
    AZURE_FEDERATED_TOKEN_FILE: `${folder}/token`,
  };
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    await writeFile(`${folder}/token`, "e30.e30.sig");
    const requests: [url: string, body: string][] = [];
    const credential = new own.WorkloadIdentityCredential({
      fetch: (url, { body }) => {
        requests.push([url, String(body)]);
        return Promise.resolve(
          Response.json({ token_type: "Bearer", expires_in: 3600, access_token: "a token" }),
        );
      },
    });
    assert.equal((await credential.getToken("https://vault.azure.net/.default")).token, "a token");
    const [[url, body]] = requests as [[string, string]];
    assert.match(url, /^https:\/\/login\.microsoftonline\.com\/11111111-2222-3333-4444-555555555555\//);
    const form = new URLSearchParams(body);
    assert.equal(form.get("client_id"), variables.AZURE_CLIENT_ID);
    assert.equal(form.get("client_assertion"), "e30.e30.sig");
  } finally {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    await rm(folder, { recursive: true });
  }
});

if (RUNTIME === "deno") {
  const { Deno } = globalThis as unknown as {
    Deno: { permissions: { querySync(descriptor: unknown): unknown }; unrefTimer(id: number): void };
  };

  test("a variable without permission is treated as unset, without a prompt", (t) => {
    process.env.WORKLOAD_ID_OWN_RUNTIME = "value";
    const { env } = deno.createRuntime();
    assert.equal(env("WORKLOAD_ID_OWN_RUNTIME"), "value");
    t.mock.method(Deno.permissions, "querySync", (descriptor: unknown) => {
      assert.deepEqual(descriptor, { name: "env", variable: "WORKLOAD_ID_OWN_RUNTIME" });
      return { state: "prompt" };
    });
    assert.equal(env("WORKLOAD_ID_OWN_RUNTIME"), undefined);
    delete process.env.WORKLOAD_ID_OWN_RUNTIME;
  });

  test("timers run, can be cleared, and do not keep the process alive if they are numbers", async (t) => {
    const { clock } = deno.createRuntime();
    const fired: string[] = [];
    clock!.setTimeout(() => fired.push("first"), 1);
    clock!.clearTimeout(clock!.setTimeout(() => fired.push("cleared"), 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(fired, ["first"]);

    const released: unknown[] = [];
    t.mock.method(Deno, "unrefTimer", (id: number) => void released.push(id));
    const timers: unknown[] = [7, { unref() {} }];
    const original = globalThis.setTimeout;
    globalThis.setTimeout = (() => timers.shift()) as unknown as typeof setTimeout;
    try {
      for (const timer of [...timers]) assert.equal(clock!.setTimeout(() => {}, 1), timer);
    } finally {
      globalThis.setTimeout = original;
    }
    assert.deepEqual(released, [7]);
  });

  test("a direct request names the server itself as its proxy, with one client for each origin", async (t) => {
    const lines: string[] = [];
    const server = createServer((socket) =>
      socket.on("data", (bytes) => {
        lines.push(String(bytes).split("\r\n")[0]!);
        socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      })
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const create = t.mock.method(Deno as unknown as { createHttpClient(): unknown }, "createHttpClient");
    for (const path of ["/a", "/b"]) {
      const response = await fetchDirectly(
        origin + path,
        { method: "POST", headers: {}, body: "" } as FetchInit,
      );
      assert.equal(await (response as unknown as Response).text(), "ok");
    }
    server.close();
    assert.deepEqual(lines, ["/a", "/b"].map((path) => `POST ${origin}${path} HTTP/1.1`));
    assert.equal(create.mock.callCount(), 1);
  });
}
