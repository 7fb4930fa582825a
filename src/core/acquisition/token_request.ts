import type { FetchInit } from "../contract/runtime.ts";

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
  const body = new URLSearchParams({
    client_id: parameters.clientId,
    scope: parameters.scopes.join(" "),
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  });
  if (parameters.claims !== undefined) body.set("claims", parameters.claims);
  if (parameters.fmiPath !== undefined) body.set("fmi_path", parameters.fmiPath);
  return {
    url: `${parameters.endpoint}/${parameters.tenantId}/oauth2/v2.0/token`,
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

/** Returns a version 4 UUID for `client-request-id`. It identifies a request and protects nothing, so any randomness will do. */
export function createRequestId(random: () => number): string {
  const hex = (digits: number) => Math.floor(random() * 16 ** digits).toString(16).padStart(digits, "0");
  const variant = "89ab"[Math.floor(random() * 4)];
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}
