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
import { readText } from "./read_text.ts";
import { fetchDirectly } from "./transport/deno_direct.ts";
import { openDenoTransport } from "./transport/deno_tls.ts";
import { createLoopbackFetch } from "./transport/loopback.ts";
import { createProxyNamingFetch } from "./transport/named_proxy.ts";

export * from "../core/exports.ts";

declare const Deno: {
  open(path: string): Promise<{ read(buffer: Uint8Array): Promise<number | null>; close(): void }>;
  env: { get(name: string): string | undefined };
  permissions: { querySync(descriptor: { name: "env"; variable: string }): { state: string } };
  unrefTimer(id: number): void;
};

/** In modules that are not from npm, a timer of Deno 2.7 and before is a number, which has no `unref`. */
const clock: Clock = {
  ...systemClock,
  setTimeout(callback, delayInMs) {
    const timer = systemClock.setTimeout(callback, delayInMs);
    if (typeof timer === "number") Deno.unrefTimer(timer);
    return timer;
  },
};

async function readTextFile(path: string, maxBytes: number): Promise<string> {
  const file = await Deno.open(path);
  try {
    return await readText((buffer) => file.read(buffer), maxBytes);
  } finally {
    file.close();
  }
}

function isEnvDenied(name: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted";
}

/** Treats a variable without permission as unset, because reading it would prompt. */
function env(name: string): string | undefined {
  return isEnvDenied(name) ? undefined : Deno.env.get(name);
}

/** Returns the runtime of Deno: its files, environment and `fetch`. */
export function createRuntime(): Runtime {
  return {
    name: "deno",
    readTextFile,
    env,
    isEnvDenied,
    fetch: createProxyNamingFetch(env, createLoopbackFetch(env, fetchDirectly)),
    openTransport: openDenoTransport,
    clock,
  };
}

/** The credential on Deno, over its own files and `fetch`. */
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
