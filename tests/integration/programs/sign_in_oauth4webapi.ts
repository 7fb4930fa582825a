/** A sign-in with oauth4webapi: authorization code and PKCE, then a refresh. */
import { workloadAssertion } from "@workload-id/entra/assertions";
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import { AUTHORITY, CLIENT_ID, REDIRECT_URI, rotateBetween, signIn } from "./sign_in.ts";

const getAssertion = workloadAssertion();
const clientAuth: oauth.ClientAuth = async (_server, { client_id }, body) => {
  body.set("client_id", client_id);
  body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  body.set("client_assertion", await getAssertion());
};

const issuer = new URL(AUTHORITY);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
const client: oauth.Client = { client_id: CLIENT_ID };
let refreshToken = "";
await rotateBetween(async () => {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint!);
  url.search = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: "code",
    scope: "openid profile email",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  }).toString();
  const parameters = oauth.validateAuthResponse(server, client, await signIn(url), state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    clientAuth,
    parameters,
    REDIRECT_URI,
    verifier,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    requireIdToken: true,
  });
  assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.name, "Alice");
  refreshToken = tokens.refresh_token!;
}, async () => {
  const response = await oauth.refreshTokenGrantRequest(server, client, clientAuth, refreshToken);
  assert.ok((await oauth.processRefreshTokenResponse(server, client, response)).access_token);
});
