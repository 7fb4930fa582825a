import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runChild } from "../support/child.ts";

const PROGRAM = fileURLToPath(new URL("./proxy_program.ts", import.meta.url));
const RESPONSE = { token_type: "Bearer", expires_in: 3600, access_token: "the token" };

/** A server on loopback that grants every request, and counts them. */
async function listen() {
  const seen: string[] = [];
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const server = createServer((request, response) => {
    // Deno sends an absolute URL, which every server must accept.
    seen.push(new URL(request.url!, url()).href);
    response.end(JSON.stringify(RESPONSE));
  });
  server.on("connect", (request, socket) => {
    seen.push(request.url!);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: url(), seen, close: () => server.closeAllConnections() ?? server.close() };
}

for (const variable of ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]) {
  test(`an unencrypted assertion goes to loopback without the proxy of ${variable}`, async () => {
    const [authority, proxy] = [await listen(), await listen()];
    const { hostname } = new URL(authority.url);
    const { stdout, stderr } = await runChild(PROGRAM, {
      args: [authority.url],
      env: { [variable]: proxy.url, no_proxy: "", NO_PROXY: "", NODE_USE_ENV_PROXY: "1" },
      permissions: [`--allow-net=${hostname}`, `--allow-env=${variable}`],
    });
    assert.equal(stdout, "the token\n", stderr);
    assert.deepEqual(proxy.seen, []);
    assert.deepEqual(authority.seen, [`${authority.url}/tenant.example/oauth2/v2.0/token`]);
    authority.close();
    proxy.close();
  });
}
