/**
 * The services of the programs: a cluster, Entra, Azurite, Key Vault, OpenAI, another authorization server, and a sign-in.
 * Prints the environment of a pod as one line of JSON, and ends with its standard input.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type ProjectedTokenOptions, serveTestCluster } from "@workload-id/entra/testing";
import { startAzurite } from "./azurite.ts";
import { trustAuthority } from "./bearer.ts";
import { createKeyVault } from "./key_vault.ts";
import { serveOidcProvider } from "./oidc_provider.ts";
import { createOpenAI } from "./openai.ts";
import { serveMetadata } from "./metadata_server.ts";
import { serve } from "./serve.ts";
import { serveSignIn } from "./sign_in.ts";

/** Short enough to expire several times in a run. */
const TOKEN_LIFETIME_IN_MS = 6_000;

const [keyFile = "", certFile = ""] = process.argv.slice(2);
const tls = { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };
const cluster = await serveTestCluster({
  tokenLifetimeInMs: TOKEN_LIFETIME_IN_MS,
  caeTokenLifetimeInMs: TOKEN_LIFETIME_IN_MS,
});
const { environment, issuer, emulator } = cluster;
const { AZURE_AUTHORITY_HOST: authority, AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId } = environment;
const verify = trustAuthority(authority!, tenantId!);
const scope = "https://api.example/.default";

/** The application that signs users in: a managed identity has no redirect URI. */
const webApplication = emulator.addApplication({
  federatedCredentials: [{ issuer: issuer.issuer, subject: "system:serviceaccount:default:workload" }],
});
const redirectUri = "https://client.example/callback";
const betterAuthUrl = "https://better-auth.example";
const redirectUris = [redirectUri, `${betterAuthUrl}/api/auth/callback/microsoft`];

/** Writes an assertion that the sign-in must reject, and returns the path. */
async function writeToken(name: string, options: ProjectedTokenOptions): Promise<string> {
  const path = `${process.cwd()}/${name}.jwt`;
  writeFileSync(path, await issuer.mint(options));
  return path;
}

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
  SIGN_IN_AUTHORITY: await serveSignIn(tls, cluster, webApplication, redirectUris),
  SIGN_IN_CLIENT_ID: webApplication.clientId,
  SIGN_IN_REDIRECT_URI: redirectUri,
  SIGN_IN_BETTER_AUTH_URL: betterAuthUrl,
  SIGN_IN_OTHER_SUBJECT_FILE: await writeToken("other_subject", { serviceAccount: "other" }),
  SIGN_IN_OTHER_AUDIENCE_FILE: await writeToken("other_audience", { audience: "https://api.example" }),
  SIGN_IN_EXPIRED_FILE: await writeToken("expired", { issuedAt: Date.now() - 7_200_000 }),
  SIGN_IN_FORGED_FILE: await writeToken("forged", { forged: true }),
  TOKEN_LIFETIME_IN_MS: String(TOKEN_LIFETIME_IN_MS),
}));
process.stdin.resume().on("end", async () => {
  await cluster.close();
  process.exit();
});
