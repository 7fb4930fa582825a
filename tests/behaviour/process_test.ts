import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runChild, RUNTIME } from "../support/child.ts";

const PROGRAM = fileURLToPath(new URL("./process_program.ts", import.meta.url));

test("importing any entry does nothing: no environment read, no file, no timer", async () => {
  const { code, stdout, stderr } = await runChild(PROGRAM, { args: ["import"], permissions: [] });
  assert.equal(stderr, "");
  assert.equal(stdout, "imported\n");
  assert.equal(code, 0);
});

test("an exchange that a caller awaits keeps the process alive", async () => {
  const { code, stdout } = await runChild(PROGRAM, { args: ["await"] });
  assert.equal(stdout, "given\n");
  assert.equal(code, 0);
});

test("a background refresh keeps no process alive, and causes no unhandled rejection", async () => {
  const { code, stdout, stderr } = await runChild(PROGRAM, { args: ["behind"] });
  assert.equal(stderr, "");
  assert.match(stdout, /^given\nended after \d{1,3} ms\n$/);
  assert.equal(code, 0);
});

test("an endpoint that never responds to a background refresh keeps the process alive no longer than the attempt", async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stdout } = await runChild(PROGRAM, { args: ["hanging", url] });
  server.closeAllConnections();
  server.close();
  assert.equal(code, 0);
  const [, held] = /^given\nended after (\d+) ms\n$/.exec(stdout) ?? [];
  // Node's socket can be unref'ed. Deno's and Bun's fetch cannot: there the attempt's deadline ends it.
  assert.ok(Number(held) < (RUNTIME === "node" ? 1000 : 3000), stdout);
});

test("a first call uses its original arguments, even if they change afterwards or the method is overridden", async () => {
  const program = fileURLToPath(new URL("./first_call_program.ts", import.meta.url));
  const { stdout, stderr } = await runChild(program);
  assert.equal(stdout, "home https://vault.azure.net/.default\none first\n", stderr);
});
