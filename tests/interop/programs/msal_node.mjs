/** The confidential client of @azure/msal-node, agent identities included. */
import { ConfidentialClientApplication } from "@azure/msal-node";
import { readFile } from "node:fs/promises";
import { runAttempts } from "./attempts.mjs";

const { AZURE_AUTHORITY_HOST: authorityHost, AZURE_TENANT_ID: tenantId } = process.env;
const VAULT = "https://vault.azure.net/.default";
const EXCHANGE = "api://AzureADTokenExchange/.default";

async function acquire(clientId, credential, request) {
  const client = new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: authorityHost + tenantId,
      knownAuthorities: [new URL(authorityHost).host],
      ...credential,
    },
  });
  return (await client.acquireTokenByClientCredential(request)).accessToken;
}

const assertionOf = ({ tokenFilePath }) => ({ clientAssertion: () => readFile(tokenFilePath, "utf8") });

await runAttempts({
  assertion: (attempt) => acquire(attempt.clientId, assertionOf(attempt), { scopes: [VAULT] }),
  secret: ({ clientId, secret }) => acquire(clientId, { clientSecret: secret }, { scopes: [VAULT] }),
  exchange: (attempt) =>
    acquire(attempt.clientId, assertionOf(attempt), { scopes: [EXCHANGE], fmiPath: attempt.agentId }),
  agent: async (attempt) => {
    const clientAssertion = () =>
      acquire(attempt.clientId, assertionOf(attempt), { scopes: [EXCHANGE], fmiPath: attempt.agentId });
    return await acquire(attempt.presentedAs ?? attempt.agentId, { clientAssertion }, { scopes: [VAULT] });
  },
});
