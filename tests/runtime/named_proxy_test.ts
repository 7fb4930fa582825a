import assert from "node:assert/strict";
import { test } from "node:test";
import type { FetchLike } from "../../src/core/mod.ts";
import { createProxyNamingFetch } from "../../src/runtime/transport/named_proxy.ts";
import { runChild, RUNTIME } from "../support/child.ts";

const URL_OF_ENTRA = "https://login.entra.test/token";
const REFUSED = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
const failing: FetchLike = () => Promise.reject(new TypeError("fetch failed", { cause: REFUSED }));

async function failureOf(env: Record<string, string>, url = URL_OF_ENTRA, fetch = failing): Promise<Error> {
  const wrapped = createProxyNamingFetch((name) => env[name], fetch);
  return await wrapped(url, { method: "POST", headers: {} }).then(
    () => assert.fail("it must fail"),
    (e) => e,
  );
}

test("the error of a request through a proxy names the proxy, without its password", async () => {
  for (const variable of ["HTTPS_PROXY", "https_proxy"]) {
    const { message } = await failureOf({ [variable]: "http://user:secret@proxy.test:3128" });
    assert.equal(
      message,
      `ECONNREFUSED: connection refused, through the proxy proxy.test:3128 of ${variable}`,
    );
  }
});

test("without a proxy for the address the error is the runtime's own", async () => {
  const proxy = { HTTPS_PROXY: "http://proxy.test:3128" };
  assert.equal((await failureOf({})).message, "fetch failed");
  assert.equal((await failureOf(proxy, "http://127.0.0.1/token")).message, "fetch failed");
  for (
    const NO_PROXY of ["login.entra.test", ".entra.test", "*.entra.test", "other.test, entra.test:443", "*"]
  ) {
    assert.equal((await failureOf({ ...proxy, NO_PROXY })).message, "fetch failed", NO_PROXY);
    assert.equal((await failureOf({ ...proxy, no_proxy: NO_PROXY })).message, "fetch failed", NO_PROXY);
  }
  const local = await failureOf({ ...proxy, NO_PROXY: "[fd00:12::1]:443" }, "https://[fd00:12::1]/token");
  assert.equal(local.message, "fetch failed");
  const { message } = await failureOf({ ...proxy, NO_PROXY: "other.test,login" });
  assert.match(message, /through the proxy/);
});

test("the code of an error is kept, if it is a text", async () => {
  for (const [code, kept] of [["ECONNREFUSED", true], [5, false]]) {
    const thrown = Object.assign(new Error("no connection"), { code });
    const env = { HTTPS_PROXY: "http://proxy.test:3128" };
    const error = await failureOf(env, URL_OF_ENTRA, () => Promise.reject(thrown));
    assert.equal((error as { code?: unknown }).code, kept ? code : undefined);
  }
});

test("a denied permission keeps its name", async () => {
  const denied = Object.assign(new Error("Requires net access"), { name: "NotCapable" });
  const error = await failureOf({ HTTPS_PROXY: "http://p.test" }, URL_OF_ENTRA, () => Promise.reject(denied));
  assert.equal(error, denied);
});

test("a credential's error names a proxy that cannot be reached", async () => {
  const HTTPS_PROXY = "http://user:secret@127.0.0.1:9";
  const { stdout, stderr } = await runChild("tests/runtime/dead_proxy_program.ts", {
    env: { HTTPS_PROXY, https_proxy: "", NO_PROXY: "", no_proxy: "" },
  });
  assert.match(stdout, /^network_failed Cannot connect to login\.entra\.test/, stderr);
  assert.doesNotMatch(stdout + stderr, /secret/);
  const isUsed = RUNTIME !== "node";
  if (isUsed) assert.match(stdout, /through the proxy 127\.0\.0\.1:9 of HTTPS_PROXY/);
});
