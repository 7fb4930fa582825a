/** A sign-in with @azure/msal-node: authorization code, then a refresh. */
import { ConfidentialClientApplication } from "@azure/msal-node";
import { workloadAssertion } from "@workload-id/entra/assertions";
import assert from "node:assert/strict";
import { AUTHORITY, CLIENT_ID, REDIRECT_URI, rotateBetween, signIn, TENANT_ID } from "./sign_in.ts";

const application = new ConfidentialClientApplication({
  auth: {
    clientId: CLIENT_ID,
    authority: `${AUTHORITY}/${TENANT_ID}`,
    knownAuthorities: [new URL(AUTHORITY).host],
    clientAssertion: workloadAssertion(),
  },
});
const request = { scopes: ["User.Read"], redirectUri: REDIRECT_URI };

await rotateBetween(async () => {
  const callback = await signIn(await application.getAuthCodeUrl(request));
  const result = await application.acquireTokenByCode({
    ...request,
    code: callback.searchParams.get("code")!,
  });
  assert.equal(result.account?.name, "Alice");
}, async () => {
  const [account] = await application.getTokenCache().getAllAccounts();
  const result = await application.acquireTokenSilent({ ...request, account: account!, forceRefresh: true });
  assert.ok(!result.fromCache && result.accessToken);
});
