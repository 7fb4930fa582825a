/** The token request of the baselines. */
import { env, readTextFile } from "#platform";

export function tokenUrl(): string {
  return `${env("AZURE_AUTHORITY_HOST")}/${env("AZURE_TENANT_ID")}/oauth2/v2.0/token`;
}

export async function tokenBody(scope: string): Promise<string> {
  return new URLSearchParams({
    client_id: env("AZURE_CLIENT_ID"),
    scope,
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await readTextFile(env("AZURE_FEDERATED_TOKEN_FILE")),
  }).toString();
}
