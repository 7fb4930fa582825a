import type { Clock, FetchLike, FetchResponse, Runtime } from "../contract/runtime.ts";
import { InvalidResponse, UnsuccessfulResponse } from "../failure/step_errors.ts";
import { createIdentityBindingFetch } from "../identity_binding/transport.ts";
import type { Config } from "../settings/config.ts";
import { readBody } from "./response_body.ts";
import type { buildTokenRequest } from "./token_request.ts";
import { parseTokenResponse, type TokenResponse } from "./token_response.ts";

/** Returns what sends a credential's requests: the identity binding's transport, the option `fetch`, or the runtime's. */
export function createTransport(
  { identityBinding, fetch, events }: Config,
  runtime: Runtime,
  clock: Clock,
): FetchLike {
  if (!identityBinding) return fetch ?? ((url, init) => runtime.fetch(url, init));
  return createIdentityBindingFetch(
    identityBinding,
    runtime,
    clock,
    (reload) => events.notify?.({ type: "ca_reloaded", ...reload }),
  );
}

/**
 * Sends one token request and reads the whole response.
 *
 * @throws {UnsuccessfulResponse} the status is not 2xx; a redirect is not followed, so that the assertion is sent only to
 * the authority
 * @throws {InvalidResponse} the response cannot be a token endpoint's
 * @throws whatever `fetch` rejects with
 */
export async function sendTokenRequest(
  request: ReturnType<typeof buildTokenRequest>,
  assertion: string,
  fetch: FetchLike,
  clock: Clock,
  signal: AbortSignal,
): Promise<TokenResponse> {
  const { url, ...init } = request;
  const response = await fetch(url, { ...init, signal });
  if (!isResponse(response)) throw new InvalidResponse("not_a_response");
  const { status, headers } = response;
  const isRedirect = status === 0 || (status >= 300 && status < 400);
  const body = isRedirect ? "" : await readBody(response);
  if (status >= 200 && status < 300) return parseTokenResponse(status, body);
  throw new UnsuccessfulResponse(status, headers, body.replaceAll(assertion, "[assertion]"), clock.now());
}

/** A caller's own `fetch` may return anything. */
function isResponse(response: Partial<FetchResponse> | undefined): boolean {
  return Number.isInteger(response?.status) && typeof response?.headers?.get === "function";
}
