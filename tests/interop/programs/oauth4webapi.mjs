/** The client credentials grant of oauth4webapi, from discovery on. */
import * as oauth from "oauth4webapi";
import { readFile } from "node:fs/promises";
import { runAttempts } from "./attempts.mjs";

const { AZURE_AUTHORITY_HOST: authorityHost, AZURE_TENANT_ID: tenantId } = process.env;
const issuer = new URL(`${authorityHost}${tenantId}/v2.0`);

async function grant(clientId, authenticate) {
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
  const client = { client_id: clientId };
  const parameters = new URLSearchParams({ scope: "https://vault.azure.net/.default" });
  const response = await oauth.clientCredentialsGrantRequest(server, client, authenticate, parameters);
  return (await oauth.processClientCredentialsResponse(server, client, response)).access_token;
}

await runAttempts({
  assertion: async ({ clientId, tokenFilePath }) => {
    const assertion = await readFile(tokenFilePath, "utf8");
    return await grant(clientId, (_server, { client_id: id }, body) => {
      body.set("client_id", id);
      body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      body.set("client_assertion", assertion);
    });
  },
  secret: ({ clientId, secret }) => grant(clientId, oauth.ClientSecretPost(secret)),
  basic: ({ clientId, secret }) => grant(clientId, oauth.ClientSecretBasic(secret)),
});
