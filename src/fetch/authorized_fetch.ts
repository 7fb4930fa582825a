import { isLoopback } from "../core/settings/authority.ts";
import type { GetTokenOptions, TokenCredential } from "../core/contract/token_credential.ts";
import { parseClaimsChallenge } from "./challenge.ts";
import { BodyNotReplayableError, type FetchArguments, type FetchInput, prepareReplay } from "./replay.ts";

/** A function that is called as the global `fetch` is. */
export type AuthorizedFetch = (input: FetchInput, init?: RequestInit) => Promise<Response>;

/** Options of `createAuthorizedFetch`. */
export interface AuthorizedFetchOptions {
  /**
   * Sends the requests. As the global one does, it must leave out `Authorization` where a redirect leads to another
   * origin.
   * @default the global fetch
   */
  fetch?: AuthorizedFetch;
}

/** A token that a server refused, and the claims that it asked for instead. */
interface Challenged {
  readonly token: string;
  readonly claims: string | undefined;
}

/**
 * Makes a `fetch` that adds a credential's bearer token. It sends the token over https or to a loopback address only,
 * never to another origin after a redirect, and leaves a request alone that has an `Authorization` of its own. An
 * answer 401 is followed by one more try: with a token for the claims that the server asks for (Continuous Access
 * Evaluation), else with a token that Entra has just issued. A `Request` with a body is kept in memory for that.
 *
 * @param credential gives the tokens: this package's, or any other that Azure clients take
 * @param scopes one resource and `/.default`, such as `https://graph.microsoft.com/.default`
 * @returns what is called as `fetch` is. It rejects with a `TypeError` where the URL is neither https nor loopback,
 * with `BodyNotReplayableError` where a stream would have to be sent twice, and with the credential's errors
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
  const send = options.fetch ?? ((input, init) => fetch(input, init));
  let last: Challenged | undefined;

  const obtain = async (tokenOptions: GetTokenOptions): Promise<string> => {
    const accessToken = await credential.getToken(scopes, tokenOptions);
    if (!accessToken) throw new Error(`the credential has no token for ${[scopes].flat().join(" ")}`);
    return accessToken.token;
  };

  /** Another call may have been here before, with the same token and the same answer: then its token will do. */
  const replace = async ({ token, claims }: Challenged, tokenOptions: GetTokenOptions) => {
    if (last?.token === token && last.claims === claims) return await obtain(tokenOptions);
    const better = await obtain({ ...tokenOptions, ...(claims ? { claims } : { forceRefresh: true }) });
    if (better !== token) last = { token, claims };
    return better;
  };

  return async (input, init) => {
    const request = typeof input === "object" && "headers" in input ? input : undefined;
    const headers = new Headers(init?.headers ?? request?.headers);
    if (headers.has("authorization")) return await send(input, init);
    const { origin } = checkDestination(request?.url ?? input as string | URL);
    const signal = init?.signal ?? request?.signal;
    const tokenOptions = signal ? { enableCae: true, abortSignal: signal } : { enableCae: true };
    const sendWith = (token: string, [input, init]: FetchArguments) => {
      headers.set("authorization", `Bearer ${token}`);
      return send(input, { ...init, headers });
    };

    const token = await obtain(tokenOptions);
    const replay = prepareReplay(input, init);
    const response = await sendWith(token, [input, init]);
    if (!isRefused(response, origin)) return response;
    const claims = parseClaimsChallenge(response.headers.get("www-authenticate"));
    let better: string;
    try {
      better = await replace({ token, claims }, tokenOptions);
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
    if (better === token) return response;
    if (!replay) throw new BodyNotReplayableError(response);
    await response.body?.cancel();
    const second = await sendWith(better, replay);
    if (isRefused(second, origin)) last = { token: better, claims };
    return second;
  };
}

function checkDestination(url: string | URL): URL {
  const destination = new URL(url);
  const { protocol, hostname, origin } = destination;
  if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return destination;
  throw new TypeError(`a token is sent over https or to a loopback address only, and not to ${origin}`);
}

/** Whether the token was refused. A server that a redirect led to never saw it, and cannot complain of it. */
function isRefused({ status, redirected, url }: Response, origin: string): boolean {
  return status === 401 && !(redirected && new URL(url).origin !== origin);
}
