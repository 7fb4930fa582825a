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
import { createProxyNamingFetch } from "./transport/named_proxy.ts";
import { openTlsTransport } from "./transport/tls.ts";

export * from "../core/exports.ts";

declare const Bun: {
  file(path: string): { slice(begin: number, end: number): { text(): Promise<string> } };
  env: Record<string, string | undefined>;
};

const env = (name: string) => Bun.env[name];

/** Returns the runtime of Bun: its files, environment and `fetch`. */
export function createRuntime(): Runtime {
  return {
    name: "bun",
    readTextFile: (path, maxBytes) => Bun.file(path).slice(0, maxBytes).text(),
    env,
    fetch: createProxyNamingFetch(env, createLoopbackFetch(env, createHttpsFetch())),
    openTransport: openTlsTransport,
  };
}

/** The credential on Bun, over its own files and `fetch`. */
export class WorkloadIdentityCredential extends CoreCredential {
  /**
   * Creates a credential.
   *
   * @param options override the environment
   * @throws {CredentialUnavailableError} a setting is missing, or a variable is invalid
   * @throws {TypeError} an option is invalid
   */
  constructor(options: WorkloadIdentityCredentialOptions = {}) {
    super(options, createRuntime());
  }
}
