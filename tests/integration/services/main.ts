/**
 * Everything that the programs talk to: a cluster, Entra, Azurite, Key Vault, OpenAI and another authorization server.
 * Prints the environment of a pod as one line of JSON, and ends with its standard input.
 */
import { readFileSync } from "node:fs";
import { serveTestCluster } from "@workload-id/entra/testing";
import { startAzurite } from "./azurite.ts";
import { trustAuthority } from "./bearer.ts";
import { createKeyVault } from "./key_vault.ts";
import { serveOidcProvider } from "./oidc_provider.ts";
import { createOpenAI } from "./openai.ts";
import { serveMetadata } from "./metadata_server.ts";
import { serve } from "./serve.ts";

/** Short enough to expire several times in a run. */
const TOKEN_LIFETIME_IN_MS = 6_000;

const [keyFile = "", certFile = ""] = process.argv.slice(2);
const tls = { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };
const cluster = await serveTestCluster({
  tokenLifetimeInMs: TOKEN_LIFETIME_IN_MS,
  caeTokenLifetimeInMs: TOKEN_LIFETIME_IN_MS,
});
const { environment, issuer } = cluster;
const { AZURE_AUTHORITY_HOST: authority, AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId } = environment;
const verify = trustAuthority(authority!, tenantId!);
const scope = "https://api.example/.default";

console.log(JSON.stringify({
  ...environment,
  BLOB_ENDPOINT: `${await startAzurite(keyFile, certFile)}/devstoreaccount1`,
  VAULT_URL: await serve(tls, createKeyVault(authority!, tenantId!, verify)),
  OPENAI_ENDPOINT: await serve(tls, createOpenAI(verify)),
  OIDC_PROVIDER: await serveOidcProvider({
    clientId: clientId!,
    tenantId: tenantId!,
    jwksUri: `${issuer.issuer}/openid/v1/jwks`,
    scope,
  }),
  OIDC_SCOPE: scope,
  GCE_METADATA_HOST: await serveMetadata(issuer, clientId!),
  TOKEN_LIFETIME_IN_MS: String(TOKEN_LIFETIME_IN_MS),
}));
process.stdin.resume().on("end", async () => {
  await cluster.close();
  process.exit();
});
