import { type AssertionSource, createSource } from "./source.ts";
import { readToken } from "./token_file.ts";

/**
 * Creates a source that returns the token in a file that another program writes and replaces, such as a SPIFFE helper or
 * the kubelet of EKS. The file is read at each call. In a credential, the option `tokenFilePath` has the same effect.
 *
 * @param path the path of the file
 * @returns a function for the option `getAssertion`, or for the hook of another library. It rejects with
 * `token_file_unreadable`, `token_file_empty`, `token_file_too_large`, `token_file_not_a_jwt` or `permission_denied`;
 * the error of a credential has the same code
 * @throws {TypeError} the path is empty
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { file } from "@workload-id/entra/assertions";
 *
 * const credential = new WorkloadIdentityCredential({
 *   tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 *   getAssertion: file("/var/run/secrets/entra/token"),
 * });
 * ```
 */
export function file(path: string): AssertionSource {
  if (typeof path !== "string" || path === "") throw new TypeError("path must be the path of a file");
  return createSource(`the file ${path}`, (context) => readToken(path, context));
}
