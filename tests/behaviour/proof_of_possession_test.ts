import assert from "node:assert/strict";
import { test } from "node:test";
import type { GetTokenOptions } from "../../src/core/mod.ts";
import { Harness, SCOPE } from "../support/harness.ts";

test("a call that asks for a proof-of-possession token is rejected, also while a token is cached", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const proofOfPossessionOptions = {
    nonce: "n",
    resourceRequestMethod: "GET",
    resourceRequestUrl: "https://a/",
  };
  const message = "proofOfPossessionOptions is not supported: all tokens are bearer tokens";
  for (const requests of [0, 1]) {
    await assert.rejects(credential.getToken(SCOPE, { proofOfPossessionOptions } as GetTokenOptions), {
      name: "TypeError",
      message,
    });
    assert.equal(harness.requests.length, requests);
    await credential.getToken(SCOPE);
  }
});
