import type { AbortSignalLike, GetTokenOptions, TokenCredential } from "./contract/token_credential.ts";

/** Options of `getBearerTokenProvider`. */
export interface GetBearerTokenProviderOptions {
  /** Aborts calls of the returned function that wait for a token. */
  abortSignal?: AbortSignalLike;
  /** Tracing options to pass on with every call. */
  tracingOptions?: NonNullable<GetTokenOptions["tracingOptions"]>;
}

/**
 * Creates a function that returns a valid access token each time it is called, for clients such as `openai`. The credential
 * caches the tokens, not the function.
 *
 * @param credential any credential that Azure clients accept
 * @param scopes one resource followed by `/.default`
 * @returns a function that rejects as `getToken` does, and with an `Error` if the credential returns no token
 * @example
 * ```ts
 * import { getBearerTokenProvider, WorkloadIdentityCredential } from "@workload-id/entra";
 *
 * const credential = new WorkloadIdentityCredential();
 * const getAccessToken = getBearerTokenProvider(credential, "https://cognitiveservices.azure.com/.default");
 * const headers = { authorization: `Bearer ${await getAccessToken()}` };
 * ```
 */
export function getBearerTokenProvider(
  credential: TokenCredential,
  scopes: string | string[],
  options: GetBearerTokenProviderOptions = {},
): () => Promise<string> {
  const requested = Array.isArray(scopes) ? [...scopes] : scopes;
  const tokenOptions: GetTokenOptions = { ...options };
  return async () => {
    const accessToken = await credential.getToken(requested, tokenOptions);
    if (!accessToken) throw new Error(`the credential returned no token for ${[requested].flat().join(" ")}`);
    return accessToken.token;
  };
}
