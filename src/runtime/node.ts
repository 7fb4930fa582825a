/**
 * The credential on Node.
 *
 * @module
 */
import { WorkloadIdentityCredential as CoreCredential } from "../core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "../core/options.ts";
import type { Runtime } from "../core/runtime.ts";
import { getBuiltin } from "./builtin.ts";
import { fetchOverHttps } from "./https_fetch.ts";

export * from "../core/public.ts";

/** Node's files and environment, and `node:https`, which starts in half the time of its fetch. */
export function createRuntime(): Runtime {
  return {
    name: "node",
    readTextFile: (path, { signal }) =>
      getBuiltin("node:fs/promises").readFile(path, { encoding: "utf8", signal }),
    env: (name) => getBuiltin("node:process").env[name],
    fetch: fetchOverHttps,
  };
}

/** {@inheritDoc} */
export class WorkloadIdentityCredential extends CoreCredential {
  /** @param options what the environment does not say, or says wrong */
  constructor(options: WorkloadIdentityCredentialOptions = {}) {
    super(options, createRuntime());
  }
}
