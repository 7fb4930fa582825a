import { ConfidentialClientApplication } from "@azure/msal-node";
import { readFile } from "node:fs/promises";
import type { Candidate } from "./candidate.ts";

/** It gets the metadata as an option, because it has the public cloud's built in and would request this endpoint's. */
export function create(): Candidate {
  const {
    AZURE_AUTHORITY_HOST,
    AZURE_TENANT_ID,
    AZURE_CLIENT_ID,
    AZURE_FEDERATED_TOKEN_FILE,
  } = process.env;
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
    exchange: (scope) =>
      client.acquireTokenByClientCredential({
        scopes: [scope],
        skipCache: true,
      }),
  };
}
