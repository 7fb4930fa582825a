import { ConfidentialClientApplication } from "@azure/msal-node";
import { readFile } from "node:fs/promises";
import type { Contender } from "./contender.ts";

/** It is given the metadata that it would otherwise ask for: it knows the public cloud's by heart. */
export function create(): Contender {
  const { AZURE_AUTHORITY_HOST, AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE } = process.env;
  const authority = `${AZURE_AUTHORITY_HOST}/${AZURE_TENANT_ID}`;
  const host = new URL(authority).host;
  const client = new ConfidentialClientApplication({
    auth: {
      clientId: AZURE_CLIENT_ID!,
      authority,
      knownAuthorities: [host],
      authorityMetadata: JSON.stringify({
        issuer: `${authority}/v2.0`,
        authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
        token_endpoint: `${authority}/oauth2/v2.0/token`,
        jwks_uri: `${authority}/discovery/v2.0/keys`,
      }),
      clientAssertion: () => readFile(AZURE_FEDERATED_TOKEN_FILE!, "utf8"),
    },
  });
  return {
    getToken: (scopes) => client.acquireTokenByClientCredential({ scopes: [scopes].flat() }),
    exchange: (scope) => client.acquireTokenByClientCredential({ scopes: [scope], skipCache: true }),
  };
}
