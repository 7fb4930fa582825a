/**
 * The credential on Bun.
 *
 * @module
 */
import { WorkloadIdentityCredential as CoreCredential } from "../core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "../core/contract/options.ts";
import type { Runtime } from "../core/contract/runtime.ts";
import { createHttpsFetch } from "./transport/https.ts";
import { createLoopbackFetch } from "./transport/loopback.ts";
import { openTlsTransport } from "./transport/tls.ts";

export * from "../core/exports.ts";

declare const Bun: {
  file(path: string): { text(): Promise<string> };
  env: Record<string, string | undefined>;
};

const env = (name: string) => Bun.env[name];

/** Bun's files, environment and fetch. */
export function createRuntime(): Runtime {
  return {
    name: "bun",
    readTextFile: (path) => Bun.file(path).text(),
    env,
    fetch: createLoopbackFetch(env, createHttpsFetch()),
    openTransport: openTlsTransport,
  };
}

/**
 * The credential over Bun's own files and fetch. Tokens are cached in this instance only: make one and share it.
 *
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra/bun";
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
    super(options, createRuntime());
  }
}
