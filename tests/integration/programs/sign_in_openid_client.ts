/** A sign-in with openid-client: authorization code and PKCE, then a refresh. */
import { workloadAssertion } from "@workload-id/entra/assertions";
import assert from "node:assert/strict";
import * as client from "openid-client";
import { variable } from "./environment.ts";
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

const discover = (auth: client.ClientAuth) =>
  client.discovery(
    new URL(`${AUTHORITY}/${TENANT_ID}/v2.0/.well-known/openid-configuration`),
    CLIENT_ID,
    {},
    auth,
  );

const config = await discover(authenticateWith(workloadAssertion()));
let refreshToken = "";
await rotateBetween(async () => {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: "openid profile email",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
  });
  const tokens = await client.authorizationCodeGrant(config, await signIn(url), {
    pkceCodeVerifier,
    expectedState,
  });
  assert.equal(tokens.claims()?.name, "Alice");
  refreshToken = tokens.refresh_token!;
}, async () => {
  const tokens = await client.refreshTokenGrant(config, refreshToken);
  assert.equal(tokens.claims()?.sub, "alice");
});

/** The codes of assertions that the server must reject. */
const REJECTED = {
  SIGN_IN_OTHER_SUBJECT_FILE: 700213,
  SIGN_IN_OTHER_AUDIENCE_FILE: 700212,
  SIGN_IN_EXPIRED_FILE: 700024,
  SIGN_IN_FORGED_FILE: 700027,
};
for (const [name, code] of Object.entries(REJECTED)) {
  const rejected = await discover(authenticateWith(workloadAssertion({ tokenFilePath: variable(name) })));
  await assert.rejects(client.clientCredentialsGrant(rejected, { scope: API_SCOPE }), (error) => {
    assert.ok(error instanceof client.ResponseBodyError, String(error));
    assert.deepEqual(error.cause.error_codes, [code], name);
    return true;
  });
}
const missing = await discover(authenticateWith(workloadAssertion({ tokenFilePath: "/nonexistent/token" })));
await assert.rejects(client.clientCredentialsGrant(missing, { scope: API_SCOPE }), ({ cause }) => {
  assert.equal(cause.code, "token_file_unreadable");
  return true;
});
