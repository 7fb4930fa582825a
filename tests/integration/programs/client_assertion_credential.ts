/** ClientAssertionCredential of @azure/identity, with the projected token of this package. */
import { ClientAssertionCredential } from "@azure/identity";
import { workloadAssertion } from "@workload-id/entra/assertions";
import assert from "node:assert/strict";
import { variable } from "./environment.ts";
import { API_SCOPE, AUTHORITY, CLIENT_ID, rotateBetween, TENANT_ID } from "./sign_in.ts";

const createCredential = (tokenFilePath?: string) =>
  new ClientAssertionCredential(
    TENANT_ID,
    CLIENT_ID,
    workloadAssertion(tokenFilePath === undefined ? {} : { tokenFilePath }),
    { authorityHost: AUTHORITY, disableInstanceDiscovery: true },
  );

const credential = createCredential();
const tokens: string[] = [];
await rotateBetween(async () => {
  tokens.push((await credential.getToken(API_SCOPE)).token);
}, async () => {
  // A claims challenge bypasses the cache.
  tokens.push((await credential.getToken(API_SCOPE, { claims: '{"access_token":{}}' })).token);
});
assert.equal(new Set(tokens).size, 2);
await assert.rejects(createCredential(variable("SIGN_IN_EXPIRED_FILE")).getToken(API_SCOPE), /AADSTS700024/);
