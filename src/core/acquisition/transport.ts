import type { FetchLike, Runtime } from "../contract/runtime.ts";
import { createIdentityBindingFetch } from "../identity_binding/transport.ts";
import type { Config } from "../settings/config.ts";

/** Returns what sends a credential's requests: the identity binding's transport, the option `fetch`, or the runtime's. */
export function createTransport({ identityBinding, fetch, events }: Config, runtime: Runtime): FetchLike {
  if (!identityBinding) return fetch ?? ((url, init) => runtime.fetch(url, init));
  return createIdentityBindingFetch(
    identityBinding,
    runtime,
    (reload) => events.notify?.({ type: "ca_reloaded", ...reload }),
  );
}
