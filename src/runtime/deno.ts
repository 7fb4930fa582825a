/**
 * The credential on Deno. It needs `--allow-env` for the four `AZURE_*` variables, `--allow-read` for the token file
 * and `--allow-net` for the authority's host.
 *
 * @module
 */
import { systemClock } from "../core/clock.ts";
import { WorkloadIdentityCredential as CoreCredential } from "../core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "../core/contract/options.ts";
import type { Clock, Runtime } from "../core/contract/runtime.ts";
import { fetchDirectly } from "./transport/deno_direct.ts";
import { openDenoTransport } from "./transport/deno_tls.ts";
import { createLoopbackFetch } from "./transport/loopback.ts";

export * from "../core/exports.ts";

declare const Deno: {
  readTextFile(path: string, options: { signal: AbortSignal }): Promise<string>;
  env: { get(name: string): string | undefined };
  permissions: { querySync(descriptor: { name: "env"; variable: string }): { state: string } };
  unrefTimer(id: number): void;
};

/** In modules that are not from npm, a timer of Deno 2.7 and before is a number, which has no `unref` of its own. */
const clock: Clock = {
  ...systemClock,
  setTimeout(callback, delayInMs) {
    const timer = systemClock.setTimeout(callback, delayInMs);
    if (typeof timer === "number") Deno.unrefTimer(timer);
    return timer;
  },
};

/** A variable that is not granted counts as unset: asking would prompt. */
function env(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

/** Deno's files, environment and fetch. */
export function createRuntime(): Runtime {
  return {
    name: "deno",
    readTextFile: (path, { signal }) => Deno.readTextFile(path, { signal }),
    env,
    fetch: createLoopbackFetch(env, fetchDirectly),
    openTransport: openDenoTransport,
    clock,
  };
}

/**
 * The credential over Deno's own files and fetch. Tokens are cached in this instance only: make one and share it.
 *
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra/deno";
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
