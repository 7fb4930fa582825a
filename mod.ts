/**
 * Microsoft Entra Workload ID on Deno, Bun and Node: access tokens for a pod that has no secret.
 *
 * @module
 */
import { WorkloadIdentityCredential as CoreCredential } from "./src/core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "./src/core/options.ts";
import { detectRuntime } from "./src/runtime/detect.ts";

export * from "./src/core/public.ts";

/** {@inheritDoc} */
export class WorkloadIdentityCredential extends CoreCredential {
  /** @param options what the environment does not say, or says wrong */
  constructor(options: WorkloadIdentityCredentialOptions = {}) {
    super(options, detectRuntime());
  }
}
