import assert from "node:assert/strict";
import { test } from "node:test";
import { type FetchResponse, type Runtime, WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { ManualClock } from "../../src/testing/mod.ts";

const SCOPE = "https://vault.azure.net/.default";

function respond(body: string): FetchResponse {
  return {
    status: 200,
    headers: { get: () => null },
    body: (async function* () {
      yield new TextEncoder().encode(body);
    })(),
  };
}

// The first failure loads the diagnosis here, so this file imports no harness, which loads it earlier.
test("callers who failed get a token that arrives while the first error is being explained", async () => {
  let requests = 0;
  const runtime: Runtime = {
    name: "test",
    clock: new ManualClock(),
    env: () => undefined,
    fetch() {
      requests++;
      const token = { token_type: "Bearer", expires_in: 3600, access_token: "a token" };
      return Promise.resolve(respond(requests === 1 ? "<html>a login page</html>" : JSON.stringify(token)));
    },
    readTextFile: () => Promise.reject(new Error("not used")),
  };
  let noteFailure!: () => void;
  const failed = new Promise<void>((resolve) => noteFailure = resolve);
  const credential = new WorkloadIdentityCredential({
    tenantId: "tenant",
    clientId: "client",
    getAssertion: () => Promise.resolve("an.opaque.assertion"),
    onEvent: ({ type }) => type === "exchange_failed" && noteFailure(),
  }, runtime);
  const first = credential.getToken(SCOPE);
  await failed;
  const [{ token }, { token: served }] = await Promise.all([credential.getToken(SCOPE), first]);
  assert.equal(served, token);
  assert.equal(requests, 2);
});
