import type { AbortSignalLike, GetTokenOptions, TokenCredential } from "./contract/token_credential.ts";

/** Options of `getBearerTokenProvider`. */
export interface GetBearerTokenProviderOptions {
  /** Ends every call's wait that it aborts; see `GetTokenOptions`. */
  abortSignal?: AbortSignalLike;
  /** Passed on with every call. */
  tracingOptions?: NonNullable<GetTokenOptions["tracingOptions"]>;
}

/**
 * Returns a function that gives a fresh access token each time it is called, as clients such as `openai` take it. It
 * keeps nothing itself: the credential's cache does.
 *
 * @param credential any credential of Azure's kind
 * @param scopes one resource and `/.default`
 * @returns rejects as `getToken` does, and with a plain `Error` where the credential gives no token
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
  const { abortSignal, tracingOptions } = options;
  const passedOn: GetTokenOptions = {
    ...(abortSignal && { abortSignal }),
    ...(tracingOptions && { tracingOptions }),
  };
  return async () => {
    const accessToken = await credential.getToken(scopes, passedOn);
    if (!accessToken) throw new Error("the credential gave no token");
    return accessToken.token;
  };
}
