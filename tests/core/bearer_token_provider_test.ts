import assert from "node:assert/strict";
import { test } from "node:test";
import { getBearerTokenProvider, type GetTokenOptions } from "../../src/core/mod.ts";
import { Harness, SCOPE } from "../support/harness.ts";

test("returns the token's text, from the credential's cache", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const provide = getBearerTokenProvider(credential, SCOPE);
  assert.equal(await provide(), (await credential.getToken(SCOPE)).token);
  assert.equal(await provide(), await provide());
  assert.equal(harness.requests.length, 1);
});

test("passes signal and tracing on, and nothing else", async () => {
  const seen: unknown[] = [];
  const credential = {
    getToken(scopes: string | string[], options?: GetTokenOptions) {
      seen.push(scopes, options);
      return Promise.resolve({ token: "t", expiresOnTimestamp: 0 });
    },
  };
  const abortSignal = new AbortController().signal;
  await getBearerTokenProvider(credential, ["a"], { abortSignal, tracingOptions: {} })();
  await getBearerTokenProvider(credential, "b")();
  assert.deepEqual(seen, [["a"], { abortSignal, tracingOptions: {} }, "b", {}]);
});

test("keeps the scopes that it was created with", async () => {
  const seen: unknown[] = [];
  const scopes = ["a"];
  const provide = getBearerTokenProvider({
    getToken(requested) {
      seen.push(requested);
      return Promise.resolve({ token: "t", expiresOnTimestamp: 0 });
    },
  }, scopes);
  scopes[0] = "b";
  await provide();
  assert.deepEqual(seen, [["a"]]);
});

test("rejects with the caller's abort, and if a credential returns no token", async () => {
  const provide = getBearerTokenProvider(new Harness().credential(), SCOPE, {
    abortSignal: AbortSignal.abort("enough"),
  });
  await assert.rejects(provide(), (reason) => reason === "enough");
  await assert.rejects(
    getBearerTokenProvider({ getToken: () => Promise.resolve(null) }, SCOPE)(),
    /no token for https:/,
  );
});
