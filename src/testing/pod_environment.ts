/** The environment variables of clients. */
import type { Application } from "./entra/application.ts";

/** The variables of the managed-identity endpoints. */
export interface ManagedIdentityVariables {
  /** For a virtual machine: replaces the address of the metadata service. */
  readonly imds: Readonly<Record<string, string>>;
  /** For App Service and Container Apps. `IDENTITY_HEADER` is a secret. */
  readonly appService: Readonly<Record<string, string>>;
}

/** The variables that the webhook of azure-workload-identity sets; its authority host ends in a slash. */
export function podEnvironment(
  { clientId, tenantId }: Application,
  tokenFilePath: string,
  authorityHost: string,
): Record<string, string> {
  return {
    AZURE_CLIENT_ID: clientId,
    AZURE_TENANT_ID: tenantId,
    AZURE_FEDERATED_TOKEN_FILE: tokenFilePath,
    AZURE_AUTHORITY_HOST: authorityHost,
  };
}

/** Returns the variables that make clients of managed identities use another address. */
export function managedIdentityVariables(url: string, identityHeader: string): ManagedIdentityVariables {
  return {
    imds: { AZURE_POD_IDENTITY_AUTHORITY_HOST: url },
    appService: { IDENTITY_ENDPOINT: `${url}/msi/token`, IDENTITY_HEADER: identityHeader },
  };
}
