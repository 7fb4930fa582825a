import type { FetchInit } from "../contract/runtime.ts";

/** What an exchange is about. */
export interface TokenRequest {
  readonly authority: string;
  /** Where the request is sent on the authority's behalf; without a trailing slash. */
  readonly endpoint: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly claims: string | undefined;
}

/**
 * Builds the client credentials request with a JWT-bearer client assertion.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential
 */
export function buildTokenRequest(
  request: TokenRequest,
  assertion: string,
  requestId: string,
): Required<Pick<FetchInit, "method" | "headers" | "body" | "redirect">> & { url: string } {
  const body = new URLSearchParams({
    client_id: request.clientId,
    scope: request.scopes.join(" "),
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  });
  if (request.claims !== undefined) body.set("claims", request.claims);
  return {
    url: `${request.endpoint}/${request.tenantId}/oauth2/v2.0/token`,
    method: "POST",
    headers: {
      "accept": "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "client-request-id": requestId,
      "return-client-request-id": "true",
    },
    body: body.toString(),
    redirect: "manual",
  };
}

/** Returns a version 4 UUID for `client-request-id`. It names a request and protects nothing, so any randomness will do. */
export function createRequestId(random: () => number): string {
  const hex = (digits: number) => Math.floor(random() * 16 ** digits).toString(16).padStart(digits, "0");
  const variant = "89ab"[Math.floor(random() * 4)];
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}
