/**
 * A small web service: `GET /message` returns a text from Azure Storage, signed with a key from Key Vault. The same program
 * runs on Deno, Bun and Node.
 */
import { isCredentialUnavailableError, WorkloadIdentityCredential } from "@workload-id/entra";
import { createAuthorizedFetch } from "@workload-id/entra/fetch";
import { createServer } from "node:http";
import process from "node:process";
import { sign } from "./sign.ts";

// One credential for all requests, because it caches its tokens.
const credential = new WorkloadIdentityCredential();
const vaultFetch = createAuthorizedFetch(credential, "https://vault.azure.net/.default");
const storageFetch = createAuthorizedFetch(credential, "https://storage.azure.com/.default");

const server = createServer(async (request, response) => {
  const respond = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  try {
    if (request.url === "/healthz") respond(200, { status: "ok" });
    else if (request.url === "/message") {
      const [message, key] = await Promise.all([readBlob("messages/hello.txt"), readSecret("signing-key")]);
      respond(200, { message, signature: await sign(message, key) });
    } else respond(404, { error: "not found" });
  } catch (error) {
    // The message contains the fix, and no secret.
    console.error(error instanceof Error ? error.message : error);
    respond(503, { error: isCredentialUnavailableError(error) ? error.code : "unavailable" });
  }
});
server.listen(Number(process.env.PORT ?? 8080), "0.0.0.0");
process.on("SIGTERM", () => {
  server.close();
  // A client may keep an unused connection for longer than the 30 seconds that Kubernetes waits for a pod to end.
  setTimeout(() => server.closeAllConnections(), 5_000).unref();
});

/** @see https://learn.microsoft.com/rest/api/storageservices/get-blob */
async function readBlob(path: string): Promise<string> {
  const headers = { "x-ms-version": "2023-11-03" };
  const response = await storageFetch(`${setting("STORAGE_URL")}/${path}`, { headers });
  if (!response.ok) throw new Error(`Storage responded with status ${response.status} for ${path}`);
  return await response.text();
}

/** @see https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
async function readSecret(name: string): Promise<string> {
  const response = await vaultFetch(`${setting("KEY_VAULT_URL")}/secrets/${name}?api-version=7.4`);
  if (!response.ok) {
    throw new Error(`Key Vault responded with status ${response.status} for the secret ${name}`);
  }
  return (await response.json()).value;
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value.replace(/\/+$/, "");
}
