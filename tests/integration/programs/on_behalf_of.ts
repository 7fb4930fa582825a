/** OnBehalfOfCredential of @azure/identity: tokens for an API in the name of a signed-in user. */
import { OnBehalfOfCredential } from "@azure/identity";
import { workloadAssertion } from "@workload-id/entra/assertions";
import assert from "node:assert/strict";
import * as client from "openid-client";
import {
  API_SCOPE,
  authenticateWith,
  AUTHORITY,
  CLIENT_ID,
  REDIRECT_URI,
  rotateBetween,
  signIn,
  TENANT_ID,
} from "./sign_in.ts";

const config = await client.discovery(
  new URL(AUTHORITY),
  CLIENT_ID,
  {},
  authenticateWith(workloadAssertion()),
);

/** Signs the user in, as the frontend of the API does. */
async function obtainUserToken(): Promise<string> {
  const url = client.buildAuthorizationUrl(config, { redirect_uri: REDIRECT_URI, scope: "openid" });
  return (await client.authorizationCodeGrant(config, await signIn(url))).access_token;
}

const createCredential = (userAssertionToken: string) =>
  new OnBehalfOfCredential({
    tenantId: TENANT_ID,
    clientId: CLIENT_ID,
    authorityHost: AUTHORITY,
    // An option of its implementation that its types lack.
    ...{ disableInstanceDiscovery: true },
    userAssertionToken,
    getAssertion: workloadAssertion(),
  });

const tokens: string[] = [];
const userTokens = [await obtainUserToken(), await obtainUserToken()];
const useOnce = async () => {
  const { token, expiresOnTimestamp } = await createCredential(userTokens.shift()!).getToken(API_SCOPE);
  assert.ok(expiresOnTimestamp > Date.now());
  tokens.push(token);
};
await rotateBetween(useOnce, useOnce);
assert.equal(new Set(tokens).size, 2);
await assert.rejects(createCredential("not-a-token").getToken(API_SCOPE), /invalid_grant/);
