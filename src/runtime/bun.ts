/**
 * The credential on Bun.
 *
 * @module
 */
import { WorkloadIdentityCredential as CoreCredential } from "../core/credential.ts";
import type { WorkloadIdentityCredentialOptions } from "../core/options.ts";
import type { Runtime } from "../core/runtime.ts";

export * from "../core/public.ts";

declare const Bun: {
  file(path: string): { text(): Promise<string> };
  env: Record<string, string | undefined>;
};

/** Bun's files, environment and fetch. */
export function createRuntime(): Runtime {
  return {
    name: "bun",
    readTextFile: (path) => Bun.file(path).text(),
    env: (name) => Bun.env[name],
    fetch: (url, init) => fetch(url, init),
  };
}

/** {@inheritDoc} */
export class WorkloadIdentityCredential extends CoreCredential {
  /** @param options what the environment does not say, or says wrong */
  constructor(options: WorkloadIdentityCredentialOptions = {}) {
    super(options, createRuntime());
  }
}
