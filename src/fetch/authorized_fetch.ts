import type { GetTokenOptions, TokenCredential } from "../core/contract/token_credential.ts";
import { BodyNotReplayableError } from "./body_not_replayable_error.ts";
import { parseClaimsChallenge } from "./challenge.ts";
import { copyFetchCall, type FetchInput, isRequest } from "./fetch_call.ts";

/** A function with the parameters of the global `fetch`. */
export type AuthorizedFetch = (input: FetchInput, init?: RequestInit) => Promise<Response>;

/** Options of `createAuthorizedFetch`. */
export interface AuthorizedFetchOptions {
  /**
   * Sends the requests. Like the global `fetch`, it must remove `Authorization` when a redirect leads to another
   * origin.
   * @default the global fetch
   */
  fetch?: AuthorizedFetch;
}

/** The characters of a header's value, without spaces. */
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * Creates a `fetch` that adds a credential's bearer token. It sends the token only over https or to a loopback address,
 * never to another origin after a redirect, and leaves requests unchanged that already have an `Authorization` header.
 * After a response with status 401, it sends the request once more, with a new token: one with the claims that the
 * server requires (Continuous Access Evaluation), if any. The body of a `Request` is kept in memory for that. As with `fetch`,
 * the arguments are read at the call: later changes to them have no effect.
 *
 * @param credential source of the tokens: this package's, or any other that Azure clients accept
 * @param scopes one resource followed by `/.default`, such as `https://graph.microsoft.com/.default`
 * @returns a function to call like `fetch`. It rejects with a `TypeError` if the URL is neither https nor loopback, with
 * `BodyNotReplayableError` if a stream would have to be sent twice, and with the credential's errors
 *
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { createAuthorizedFetch } from "@workload-id/entra/fetch";
 *
 * const credential = new WorkloadIdentityCredential();
 * const graph = createAuthorizedFetch(credential, "https://graph.microsoft.com/.default");
 * const response = await graph("https://graph.microsoft.com/v1.0/users?$top=5");
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @see https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation
 */
export function createAuthorizedFetch(
  credential: TokenCredential,
  scopes: string | string[],
  options: AuthorizedFetchOptions = {},
): AuthorizedFetch {
  const requested = Array.isArray(scopes) ? [...scopes] : scopes;
  const send = options.fetch ?? ((input, init) => fetch(input, init));
  let lastRejection: string | undefined;

  const getToken = async (tokenOptions: GetTokenOptions): Promise<string> => {
    const { token } = await credential.getToken(requested, tokenOptions) ?? {};
    // An invalid header would make fetch throw an error that contains the token.
    if (typeof token === "string" && TOKEN.test(token)) return token;
    throw new Error(`the credential returned no usable token for ${[requested].flat().join(" ")}`);
  };

  const replace = async (token: string, claims: string | undefined, tokenOptions: GetTokenOptions) => {
    const rejection = await identifyRejection(token, claims);
    // An earlier call had the same token rejected for the same reason: the cached token is newer, or there is none.
    if (lastRejection === rejection) return await getToken(tokenOptions);
    const replacement = await getToken({
      ...tokenOptions,
      ...(claims ? { claims } : { forceRefresh: true }),
    });
    if (replacement !== token) lastRejection = rejection;
    return replacement;
  };

  return async (input, init) => {
    const headers = new Headers(init?.headers ?? (isRequest(input) ? input.headers : undefined));
    if (headers.has("authorization")) return await send(input, init);
    const call = copyFetchCall(input, init, headers);
    const { origin, signal } = call;
    const tokenOptions = signal ? { enableCae: true, abortSignal: signal } : { enableCae: true };

    const token = await getToken(tokenOptions);
    const response = await send(...call.withToken(token));
    if (!isRejection(response, origin)) return response;
    const claims = parseClaimsChallenge(response.headers.get("www-authenticate"));
    let replacement: string;
    try {
      replacement = await replace(token, claims, tokenOptions);
    } catch (error) {
      discard(response);
      throw error;
    }
    if (replacement === token) return response;
    if (!call.isRepeatable) throw new BodyNotReplayableError(response);
    discard(response);
    const second = await send(...call.withToken(replacement));
    if (isRejection(second, origin)) lastRejection = await identifyRejection(replacement, claims);
    return second;
  };
}

/** Returns a digest of the rejection, so that the token itself does not stay in memory. */
async function identifyRejection(token: string, claims = ""): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${token} ${claims}`));
  return String.fromCharCode(...new Uint8Array(digest));
}

/** Frees the connection of a response that is not used. Errors do not matter to the caller. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => {});
}

/** Returns whether the token was rejected. After a redirect to another origin, the server never received it. */
function isRejection({ status, redirected, url }: Response, origin: string): boolean {
  return status === 401 && (!redirected || (URL.canParse(url) && new URL(url).origin === origin));
}
