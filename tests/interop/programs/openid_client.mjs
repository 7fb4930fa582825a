/** The client credentials grant of openid-client, from discovery on. */
import * as client from "openid-client";
import { readFile } from "node:fs/promises";
import { runAttempts } from "./attempts.mjs";

const { AZURE_AUTHORITY_HOST: authorityHost, AZURE_TENANT_ID: tenantId } = process.env;
const issuer = new URL(`${authorityHost}${tenantId}/v2.0`);

async function grant(clientId, authenticate) {
  const config = await client.discovery(issuer, clientId, undefined, authenticate);
  const { access_token: token } = await client.clientCredentialsGrant(config, {
    scope: "https://vault.azure.net/.default",
  });
  return token;
}

await runAttempts({
  assertion: ({ clientId, tokenFilePath }) =>
    grant(clientId, async (_server, { client_id: id }, body) => {
      body.set("client_id", id);
      body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      body.set("client_assertion", await readFile(tokenFilePath, "utf8"));
    }),
  secret: ({ clientId, secret }) => grant(clientId, client.ClientSecretPost(secret)),
  basic: ({ clientId, secret }) => grant(clientId, client.ClientSecretBasic(secret)),
});
