import type { SteadyClock } from "../clock.ts";
import type { Clock, FetchInit, FetchLike, FetchResponse, Runtime } from "../contract/runtime.ts";
import { InvalidResponse, UnsuccessfulResponse } from "../failure.ts";
import { createIdentityBindingFetch } from "../identity_binding/transport.ts";
import type { Config } from "../settings/config.ts";
import { parseTokenResponse, type TokenResponse } from "./token_response.ts";

const LARGEST_BODY_IN_BYTES = 1024 * 1024;

/** The parameters of a token request, apart from the assertion. */
export interface TokenParameters {
  readonly authority: string;
  /** Where the request is sent: the authority, its region's endpoint or the token proxy, without a trailing slash. */
  readonly endpoint: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly claims: string | undefined;
  readonly fmiPath: string | undefined;
}

/**
 * Builds the client credentials request with a JWT-bearer client assertion.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential
 */
export function buildTokenRequest(
  parameters: TokenParameters,
  assertion: string,
  requestId: string,
): Required<Pick<FetchInit, "method" | "headers" | "body" | "redirect">> & { url: string } {
  const form = new URLSearchParams({
    client_id: parameters.clientId,
    scope: parameters.scopes.join(" "),
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  });
  if (parameters.claims !== undefined) form.set("claims", parameters.claims);
  if (parameters.fmiPath !== undefined) form.set("fmi_path", parameters.fmiPath);
  return {
    url: `${parameters.endpoint}/${parameters.tenantId}/oauth2/v2.0/token`,
    method: "POST",
    headers: {
      "accept": "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "client-request-id": requestId,
      "return-client-request-id": "true",
    },
    // A JWT has no character that needs encoding, and encoding it would take a tenth of an exchange.
    body: `${form}&client_assertion=${assertion}`,
    redirect: "manual",
  };
}

/** Returns a version 4 UUID for `client-request-id`, which needs no secure randomness. */
export function createRequestId(random: () => number): string {
  const hex = (digits: number) => Math.floor(random() * 16 ** digits).toString(16).padStart(digits, "0");
  const variant = "89ab"[Math.floor(random() * 4)];
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}

/** Returns the function that sends requests: the identity binding's transport, the option `fetch`, or the runtime's. */
export function createTransport(
  { identityBinding, fetch, events }: Config,
  runtime: Runtime,
  clock: Pick<SteadyClock, "monotonic">,
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
 * @throws the error of `fetch`
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

/**
 * Reads a whole body of at most 1 MiB.
 *
 * @throws {InvalidResponse} `too_large`, or `not_a_body`
 */
export async function readBody(response: FetchResponse): Promise<string> {
  const { status, headers, body } = response;
  // Reading a stream costs half as much as all the rest of an exchange.
  if (response.text && (!body || isKnownToBeSmall(headers))) {
    const text: unknown = await response.text();
    if (typeof text !== "string") throw new InvalidResponse("not_a_body", status);
    if (text.length > LARGEST_BODY_IN_BYTES) throw new InvalidResponse("too_large", status);
    return text;
  }
  if (!body) return "";
  if (typeof body[Symbol.asyncIterator] !== "function") throw new InvalidResponse("not_a_body", status);
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body) {
    if (!ArrayBuffer.isView(chunk)) throw new InvalidResponse("not_a_body", status);
    size += chunk.byteLength;
    if (size > LARGEST_BODY_IN_BYTES) throw new InvalidResponse("too_large", status);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `Content-Length` limits only a body that is not encoded: a chunked or compressed one can have any size. */
function isKnownToBeSmall(headers: FetchResponse["headers"]): boolean {
  const length = headers.get("content-length") ?? "";
  return /^\d{1,7}$/.test(length) && Number(length) <= LARGEST_BODY_IN_BYTES &&
    headers.get("transfer-encoding") === null && headers.get("content-encoding") === null;
}
