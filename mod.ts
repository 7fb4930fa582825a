/**
 * Get Microsoft Entra access tokens in a Kubernetes pod without a client secret, on Deno, Bun and Node.
 *
 * @module
 */
import { WorkloadIdentityCredential as CoreCredential } from "./src/core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "./src/core/contract/options.ts";
import { detectRuntime } from "./src/runtime/detect.ts";

export * from "./src/core/exports.ts";

/**
 * Exchanges the service-account token that a cluster projects into a pod for access tokens of Microsoft Entra, and caches
 * and refreshes them, on Deno, Bun or Node. Tokens are cached in the instance: create one and share it.
 *
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 *
 * const credential = new WorkloadIdentityCredential();
 * const { token } = await credential.getToken("https://vault.azure.net/.default");
 * ```
 * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export class WorkloadIdentityCredential extends CoreCredential {
  /**
   * Creates a credential. Reads no file and sends no request.
   *
   * @param options override the environment variables
   * @throws {CredentialUnavailableError} `client_id_missing`, `tenant_id_missing`, `token_file_path_missing`: neither
   * option nor variable is set; `client_id_invalid`, `tenant_id_invalid`, `token_file_path_invalid`, `authority_invalid`,
   * `identity_binding_invalid`: a variable is invalid
   * @throws {TypeError} an option is invalid
   */
  constructor(options: WorkloadIdentityCredentialOptions = {}) {
    super(options, detectRuntime());
  }
}
