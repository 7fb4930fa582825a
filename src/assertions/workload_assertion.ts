import { CredentialUnavailableError } from "../core/contract/errors.ts";
import { type AssertionSource, createSource } from "./source.ts";
import { readToken } from "./token_file.ts";

const VARIABLE = "AZURE_FEDERATED_TOKEN_FILE";

/** Options of `workloadAssertion`. */
export interface WorkloadAssertionOptions {
  /** The path of the projected service-account token. Variable: `AZURE_FEDERATED_TOKEN_FILE`, read at each call. */
  tokenFilePath?: string;
}

/**
 * Creates a source that returns a pod's projected service-account token, for libraries that sign in with a client assertion
 * instead of a client secret. The file is read at each call, because the kubelet rotates it. For access tokens of the pod
 * itself, use `WorkloadIdentityCredential`, which needs no source.
 *
 * @param options the path of the file, if it is not in the variable
 * @returns a function for the hook of another library, called with any argument or none. It rejects with
 * `token_file_path_missing`, `token_file_unreadable`, `token_file_empty`,
 * `token_file_too_large` (over 64 KiB), `token_file_not_a_jwt`, `permission_denied`
 * @throws {TypeError} `tokenFilePath` is not a string, or is empty
 * @example
 * ```ts
 * import { workloadAssertion } from "@workload-id/entra/assertions";
 *
 * const getAssertion = workloadAssertion();
 * const form = new URLSearchParams({
 *   client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
 *   client_assertion: await getAssertion(),
 * });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export function workloadAssertion({ tokenFilePath }: WorkloadAssertionOptions = {}): AssertionSource {
  if (tokenFilePath !== undefined && (typeof tokenFilePath !== "string" || tokenFilePath === "")) {
    throw new TypeError("tokenFilePath must be the path of a file");
  }
  return createSource("the token file", (context) => {
    const path = tokenFilePath ?? context.env(VARIABLE)?.trim();
    if (path) return readToken(path, context);
    const deno = context.runtimeName === "deno" ? ` On Deno, grant --allow-env=${VARIABLE}.` : "";
    throw new CredentialUnavailableError(
      `No token file: set the tokenFilePath option or ${VARIABLE}. On AKS the webhook sets it in pods with the label ` +
        `azure.workload.identity/use=true.${deno}`,
      "token_file_path_missing",
    );
  });
}
