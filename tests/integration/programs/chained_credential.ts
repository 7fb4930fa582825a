/** @azure/identity's chain, with this package's credential first: it continues if that is unavailable. */
import { ChainedTokenCredential, type TokenCredential } from "@azure/identity";
import { WorkloadIdentityCredential } from "@workload-id/entra";
import assert from "node:assert/strict";
import { variable } from "./environment.ts";

const SCOPE = "https://vault.azure.net/.default";
const good = new WorkloadIdentityCredential();
let asked = 0;
const next: TokenCredential = {
  getToken(scopes, options) {
    asked++;
    return good.getToken(scopes, options);
  },
};
const retryOptions = { maxRetries: 0 };
const unavailable: Record<string, WorkloadIdentityCredential> = {
  "without its token file": new WorkloadIdentityCredential({
    tokenFilePath: "/nonexistent/token",
    retryOptions,
  }),
  "rejected by Entra": new WorkloadIdentityCredential({ clientId: crypto.randomUUID(), retryOptions }),
  "without a network": new WorkloadIdentityCredential({
    authorityHost: "http://127.0.0.1:49999",
    retryOptions,
  }),
};

for (const [what, first] of Object.entries(unavailable)) {
  const before = asked;
  const chain = new ChainedTokenCredential(first, next);
  assert.match((await chain.getToken(SCOPE)).token, /^ey/, what);
  assert.equal(asked, before + 1, what);
}

const before = asked;
const { token } = await new ChainedTokenCredential(good, next).getToken(SCOPE);
assert.equal(token, (await good.getToken(SCOPE)).token);
assert.equal(asked, before, "a credential that is available is asked alone");

await assert.rejects(
  new ChainedTokenCredential(...Object.values(unavailable)).getToken(SCOPE),
  { name: "AggregateAuthenticationError", message: new RegExp(variable("AZURE_TENANT_ID")) },
);
