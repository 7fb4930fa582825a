/**
 * Get Microsoft Entra access tokens in a Kubernetes pod without a client secret, on Deno, Bun and Node.
 *
 * @module
 */
import { WorkloadIdentityCredential as CoreCredential } from "./src/core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "./src/core/contract/options.ts";
import { detectRuntime } from "./src/runtime/detect.ts";

export * from "./src/core/exports.ts";

/** The credential on the runtime that the program runs on: Deno, Bun or Node. */
export class WorkloadIdentityCredential extends CoreCredential {
  /**
   * Creates a credential.
   *
   * @param options override the environment
   * @throws {CredentialUnavailableError} a setting is missing, or a variable is invalid
   * @throws {TypeError} an option is invalid
   */
  constructor(options: WorkloadIdentityCredentialOptions = {}) {
    super(options, detectRuntime());
  }
}
