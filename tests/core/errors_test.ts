import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AuthenticationError,
  CredentialUnavailableError,
  isAuthenticationError,
  isCredentialUnavailableError,
} from "../../src/core/mod.ts";

test("the guards compare names, and accept another package's instances too", () => {
  const foreign = (name: string) => Object.assign(new Error("theirs"), { name });
  for (
    const error of [new CredentialUnavailableError("m", "timeout"), foreign("CredentialUnavailableError")]
  ) {
    assert.ok(isCredentialUnavailableError(error));
    assert.ok(!isAuthenticationError(error));
  }
  for (const error of [new AuthenticationError(400, { error: "e" }), foreign("AuthenticationError")]) {
    assert.ok(isAuthenticationError(error));
    assert.ok(!isCredentialUnavailableError(error));
  }
  for (
    const value of [
      undefined,
      null,
      "CredentialUnavailableError",
      { name: "CredentialUnavailableError" },
      new Error(),
    ]
  ) {
    assert.ok(!isCredentialUnavailableError(value) && !isAuthenticationError(value));
  }
});

test("an error keeps its code, its frozen details and its cause", () => {
  const cause = new Error("cause");
  const error = new CredentialUnavailableError("message", "network_failed", { attempts: 1 }, { cause });
  assert.ok(error instanceof Error);
  assert.equal(error.message, "message");
  assert.equal(error.code, "network_failed");
  assert.equal(error.cause, cause);
  assert.ok(Object.isFrozen(error.details));
  assert.match(String(error), /^CredentialUnavailableError: message/);
});
