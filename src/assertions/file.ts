import { isPermissionDenied, messageOf } from "../core/failure/classify_network.ts";
import type { GetAssertion } from "../core/contract/options.ts";
import { unavailable } from "./unavailable.ts";

/**
 * A token that something else writes to a file and renews there, such as a SPIFFE helper or the service-account token
 * of EKS; read anew for each exchange. It is what the option `tokenFilePath` does, where a source is asked for.
 *
 * @returns the option `getAssertion`. It fails with `assertion_callback_failed`
 * @throws {TypeError} the path is empty
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { file } from "@workload-id/entra/assertions";
 *
 * const credential = new WorkloadIdentityCredential({
 *   tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 *   getAssertion: file("/var/run/secrets/eks.amazonaws.com/serviceaccount/token"),
 * });
 * ```
 */
export function file(path: string): GetAssertion {
  if (typeof path !== "string" || path === "") throw new TypeError("path: must be the path of a file");
  return async ({ readTextFile, signal }) => {
    try {
      return await readTextFile(path);
    } catch (error) {
      if (signal.aborted) throw error;
      if (isPermissionDenied(error)) {
        throw unavailable(`the file ${path} may not be read; on Deno, grant it with --allow-read=${path}`);
      }
      const reason = messageOf(error) || "unknown reason";
      throw unavailable(`the file ${path} cannot be read: ${reason}`);
    }
  };
}
