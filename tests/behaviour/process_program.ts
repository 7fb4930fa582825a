/** Run by process_test.ts in a separate process. */
import process from "node:process";
import { WorkloadIdentityCredential } from "../../mod.ts";
import "../../src/core/mod.ts";
import "../../src/runtime/bun.ts";
import "../../src/runtime/deno.ts";
import "../../src/runtime/node.ts";
import "../../src/testing/mod.ts";
import { WorkloadIdentityCredential as CoreCredential } from "../../src/core/mod.ts";
import { detectRuntime } from "../../src/runtime/detect.ts";

const [mode, url] = process.argv.slice(2);
const options = {
  tenantId: "tenant.example",
  clientId: "client",
  getAssertion: () => Promise.resolve("eyJh.eyJi.c"),
  requestTimeoutInMs: 1500,
};
const body = new TextEncoder().encode('{"token_type":"Bearer","expires_in":3600,"access_token":"t"}');

const respond = () => ({
  status: 200,
  headers: { get: () => null },
  body: (async function* () {
    yield body;
  })(),
});

/** A credential whose clock moves an hour after the first token, so that the second call starts a background refresh. */
async function refreshInBackground(
  fetch: (url: string) => Promise<ReturnType<typeof respond>>,
  authorityHost: string,
): Promise<void> {
  const runtime = detectRuntime();
  let offset = 0;
  let calls = 0;
  const { systemClock } = await import("../../src/core/clock.ts");
  const credential = new CoreCredential(
    {
      ...options,
      authorityHost,
      fetch: (target, init) =>
        calls++ ? (url ? runtime.fetch(target, init) : fetch(target)) : Promise.resolve(respond()),
    },
    { ...runtime, clock: { ...(runtime.clock ?? systemClock), now: () => Date.now() + offset } },
  );
  await credential.getToken("scope");
  offset = 57 * 60_000;
  await credential.getToken("scope");
  console.log("given");
  const start = Date.now();
  process.on("exit", () => console.log(`ended after ${Date.now() - start} ms`));
}

if (mode === "import") console.log("imported");
if (mode === "await") {
  // The response comes from an unref'ed timer: only the waiting caller keeps the process alive.
  const late = () =>
    new Promise<ReturnType<typeof respond>>((resolve) =>
      void setTimeout(() => resolve(respond()), 300).unref()
    );
  await new WorkloadIdentityCredential({ ...options, fetch: late }).getToken("scope");
  console.log("given");
}
if (mode === "behind") {
  await refreshInBackground(() => Promise.reject(new Error("ECONNRESET")), "https://login.example");
}
if (mode === "hanging") await refreshInBackground(() => Promise.reject(new Error("not used")), url!);
