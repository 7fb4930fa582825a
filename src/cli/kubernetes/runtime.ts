import type { Runtime } from "../../core/contract/runtime.ts";

/** Hides this machine's `AZURE_*` variables, because they do not configure identities of the cluster. */
export function withoutAzureVariables(runtime: Runtime): Runtime {
  return {
    ...runtime,
    env: (name) => name.startsWith("AZURE_") && name !== "AZURE_LOG_LEVEL" ? undefined : runtime.env(name),
  };
}
