/** The credentials of @azure/identity. */
import {
  ClientAssertionCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { readFile } from "node:fs/promises";
import { runAttempts } from "./attempts.mjs";

const { AZURE_TENANT_ID: tenantId } = process.env;
const options = { disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };
const getToken = async (credential) => (await credential.getToken("https://vault.azure.net/.default")).token;

await runAttempts({
  workload: ({ clientId, tokenFilePath }) =>
    getToken(new WorkloadIdentityCredential({ ...options, clientId, tokenFilePath })),
  assertion: ({ clientId, tokenFilePath }) =>
    getToken(
      new ClientAssertionCredential(tenantId, clientId, () => readFile(tokenFilePath, "utf8"), options),
    ),
  secret: ({ clientId, secret }) => getToken(new ClientSecretCredential(tenantId, clientId, secret, options)),
  managed: ({ clientId }) => getToken(new ManagedIdentityCredential({ clientId, ...options })),
  default: ({ clientId }) =>
    getToken(new DefaultAzureCredential({ managedIdentityClientId: clientId, ...options })),
});
