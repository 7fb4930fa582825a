import type { Runtime } from "../../core/contract/runtime.ts";

/** Hides this machine's `AZURE_*` variables: an identity of the cluster is not configured by them. */
export function withoutAzureVariables(runtime: Runtime): Runtime {
  return {
    ...runtime,
    env: (name) => name.startsWith("AZURE_") && name !== "AZURE_LOG_LEVEL" ? undefined : runtime.env(name),
  };
}
