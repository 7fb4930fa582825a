/**
 * Microsoft Entra Workload ID on Deno, Bun and Node: access tokens for a pod that has no secret.
 *
 * @module
 */
import { WorkloadIdentityCredential as CoreCredential } from "./src/core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "./src/core/contract/options.ts";
import { detectRuntime } from "./src/runtime/detect.ts";

export * from "./src/core/exports.ts";

/**
 * Trades the service-account token that a cluster projects into a pod for access tokens of Microsoft Entra, and keeps
 * them fresh. Picks its runtime when it is made. Tokens are cached in this instance only: make one and share it.
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
   * Reads the environment for what the options leave out; no file, no network.
   *
   * @param options what the environment does not say, or says wrong
   * @throws {CredentialUnavailableError} `client_id_missing`, `tenant_id_missing`, `token_file_path_missing`: neither
   * option nor variable is set; `tenant_id_invalid`, `authority_invalid`: the variable is malformed
   * @throws {TypeError} an option has the wrong form
   */
  constructor(options: WorkloadIdentityCredentialOptions = {}) {
    super(options, detectRuntime());
  }
}
