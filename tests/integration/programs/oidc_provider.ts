/** A token of an authorization server that knows nothing of Entra, for an assertion of a metadata server. */
import { isAuthenticationError, WorkloadIdentityCredential } from "@workload-id/entra";
import { googleMetadata } from "@workload-id/entra/assertions";
import assert from "node:assert/strict";
import { variable } from "./environment.ts";

const authorityHost = variable("OIDC_PROVIDER");
const scope = variable("OIDC_SCOPE");
const getAssertion = googleMetadata({ audience: authorityHost });
const credential = new WorkloadIdentityCredential({ authorityHost, getAssertion });
const first = await credential.getToken(scope);
assert.equal(first.tokenType, "Bearer");
assert.ok(Math.abs(first.expiresOnTimestamp - Date.now() - 600_000) < 30_000);
const second = await credential.getToken(scope, { forceRefresh: true });
assert.notEqual(second.token, first.token, "an assertion that is used twice is a replay");

const otherAudience = googleMetadata({ audience: "https://somewhere.else" });
const rejected = new WorkloadIdentityCredential({ authorityHost, getAssertion: otherAudience });
await assert.rejects(rejected.getToken(scope), ({ code, cause }) => {
  assert.equal(code, "entra_rejected");
  return isAuthenticationError(cause) && cause.errorResponse.error === "invalid_client";
});
