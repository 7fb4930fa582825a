/**
 * The credential on Node.
 *
 * @module
 */
import { WorkloadIdentityCredential as CoreCredential } from "../core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "../core/contract/options.ts";
import type { Runtime } from "../core/contract/runtime.ts";
import { getBuiltin } from "./transport/builtin.ts";
import { createHttpsFetch } from "./transport/https.ts";
import { describeIgnoredProxy } from "./transport/ignored_proxy.ts";
import { openTlsTransport } from "./transport/tls.ts";

export * from "../core/exports.ts";

/** One for all credentials, so that they share the connections to a loopback authority. */
const httpsFetch = createHttpsFetch();

/** Node's files and environment, and `node:https`, which starts in half the time of its fetch. */
export function createRuntime(): Runtime {
  return {
    name: "node",
    readTextFile: (path, { signal }) =>
      getBuiltin("node:fs/promises").readFile(path, { encoding: "utf8", signal }),
    env: (name) => getBuiltin("node:process").env[name],
    fetch: httpsFetch,
    describeIgnoredProxy,
    openTransport: openTlsTransport,
  };
}

/**
 * The credential over Node's own files and `node:https`. Tokens are cached in this instance only: make one and share it.
 *
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra/node";
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
