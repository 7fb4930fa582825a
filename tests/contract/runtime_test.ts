/** One suite that every runtime's adapter is put through; Node's also runs where another runtime has its built-ins. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readlink, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import type { FetchResponse, Runtime } from "../../src/core/mod.ts";
import { createRuntime as createBunRuntime } from "../../src/runtime/bun.ts";
import { createRuntime as createDenoRuntime } from "../../src/runtime/deno.ts";
import { detectRuntime } from "../../src/runtime/detect.ts";
import { createRuntime as createNodeRuntime } from "../../src/runtime/node.ts";
import { RUNTIME } from "../support/child.ts";

const own = { deno: createDenoRuntime, bun: createBunRuntime, node: createNodeRuntime }[RUNTIME];

test("the runtime is detected when an instance is created", () => {
  assert.equal(detectRuntime().name, RUNTIME);
  assert.equal(own().name, RUNTIME);
});

describe(`the adapter of ${RUNTIME}`, () => contract(own()));
if (RUNTIME !== "node") describe(`Node's adapter on ${RUNTIME}`, () => contract(createNodeRuntime()));

function contract(runtime: Runtime): void {
  let folder: string;
  let server: Server;
  let url: string;
  let hits = 0;

  before(async () => {
    folder = await mkdtemp(`${tmpdir()}/runtime-`);
    server = createServer((request, response) => {
      hits++;
      if (request.url === "/hang") return;
      if (request.url === "/cut") {
        response.writeHead(200, { "content-length": "100" });
        response.write("only this");
        setTimeout(() => request.socket.destroy(), 20);
        return;
      }
      if (request.url === "/redirect") {
        return void response.writeHead(307, { location: "/elsewhere" }).end("moved");
      }
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => body += text).on("end", () => {
        response.writeHead(429, { "Retry-After": "7", "X-Method": request.method ?? "" });
        response.end(JSON.stringify({ body, type: request.headers["content-type"] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  const post = (path: string, init: { signal?: AbortSignal } = {}): Promise<FetchResponse> =>
    runtime.fetch(url + path, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "über",
      redirect: "manual",
      ...init,
    });

  async function read({ body }: FetchResponse): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of body!) text += decoder.decode(chunk, { stream: true });
    return text;
  }

  test("reads a file as UTF-8 text, again each time", async () => {
    await writeFile(`${folder}/token`, "grüße\n");
    assert.equal(await runtime.readTextFile(`${folder}/token`, 100), "grüße\n");
    await writeFile(`${folder}/token`, "changed");
    assert.equal(await runtime.readTextFile(`${folder}/token`, 100), "changed");
    await writeFile(`${folder}/token`, "ü".repeat(40_000));
    assert.equal(await runtime.readTextFile(`${folder}/token`, 100_000), "ü".repeat(40_000));
  });

  test("reads a file only up to its limit", async () => {
    for (const [size, read] of [[9, 9], [10, 10], [11, 10], [64 * 1024 * 1024, 10]]) {
      await writeFile(`${folder}/large`, "");
      await truncate(`${folder}/large`, size);
      assert.equal((await runtime.readTextFile(`${folder}/large`, 10)).length, read);
    }
    assert.equal((await runtime.readTextFile(`${folder}/large`, 65_537)).length, 65_537);
  });

  test("stops reading a file that has no end", { skip: process.platform === "win32" }, async () => {
    assert.match(await runtime.readTextFile("/dev/zero", 65_537), /^\0{65537,131072}$/);
  });

  test("leaves no file open", { skip: process.platform !== "linux" }, async () => {
    const file = `${folder}/closed`;
    await writeFile(file, "text");
    await runtime.readTextFile(file, 100);
    await assert.rejects(runtime.readTextFile(folder, 100));
    const isOpen = await Promise.all(
      (await readdir("/proc/self/fd")).map((fd) =>
        readlink(`/proc/self/fd/${fd}`).then((path) => path === file || path === folder, () => false)
      ),
    );
    assert.ok(!isOpen.includes(true));
  });

  test("a file that does not exist rejects with the runtime's own error, whose code is ENOENT", async () => {
    await assert.rejects(runtime.readTextFile(`${folder}/missing`, 100), {
      code: "ENOENT",
      message: /no such file|not found/i,
    });
  });

  test("a directory rejects", async () => {
    await assert.rejects(runtime.readTextFile(folder, 100), { code: "EISDIR" });
  });

  test("reads a variable by its name; one that does not exist is undefined", () => {
    process.env.WORKLOAD_ID_CONTRACT = "value";
    assert.equal(runtime.env("WORKLOAD_ID_CONTRACT"), "value");
    assert.equal(runtime.env("WORKLOAD_ID_NEVER_SET"), undefined);
  });

  test("sends method, headers and body, and returns status, headers and body", async () => {
    const response = await post("/");
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "7");
    assert.equal(response.headers.get("X-METHOD"), "POST");
    assert.equal(response.headers.get("x-missing"), null);
    assert.deepEqual(JSON.parse(await read(response)), { body: "über", type: "text/plain" });
  });

  test("returns a redirect unchanged", async () => {
    const before = hits;
    const response = await post("/redirect");
    assert.equal(response.status, 307);
    await read(response);
    assert.equal(hits, before + 1);
  });

  test("an abort ends a request without a response", async () => {
    const controller = new AbortController();
    const request = post("/hang", { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(request);
  });

  test("a truncated body rejects", async () => {
    await assert.rejects(post("/cut").then(read));
  });

  test("a missing endpoint rejects", async () => {
    await assert.rejects(runtime.fetch("http://127.0.0.1:1/", { method: "POST", headers: {} }));
  });
}
