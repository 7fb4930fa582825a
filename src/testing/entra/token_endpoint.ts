/** The token endpoint. */
import { timesOf } from "./authentication/client_assertion.ts";
import type { EmulatorRequest } from "./emulator_request.ts";
import { tenantOfTokenPath } from "./endpoint.ts";
import { AadstsError, type ErrorValues } from "./error_response.ts";
import { parseTokenRequest } from "./token_request.ts";
import type { TokenService } from "./token_service.ts";

/**
 * Responds to a token request.
 *
 * @throws {AadstsError}
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function handleTokenRequest(
  request: EmulatorRequest,
  tenantSegment: string,
  origin: string,
  service: TokenService,
  isTokenProxy: boolean,
): Promise<Response> {
  if (request.method !== "POST") throw new AadstsError(900561, { method: request.method });
  const tokenRequest = parseTokenRequest(
    (name) => request.parameter(name),
    tenantSegment,
    service.directory,
  );
  await service.authenticate(tokenRequest, origin, isTokenProxy);
  const issued = await service.issue(service.authorize(tokenRequest), origin);
  return Response.json({
    token_type: "Bearer",
    expires_in: issued.lifetimeInSeconds,
    ext_expires_in: issued.lifetimeInSeconds,
    ...(issued.refreshInSeconds !== undefined && { refresh_in: issued.refreshInSeconds }),
    access_token: issued.accessToken,
  });
}

/** Returns the values of a request that the text of a scripted error may name. */
export function errorValuesOf({ at, form, claims, method, url }: EmulatorRequest): ErrorValues {
  const tenant = tenantOfTokenPath(new URL(url).pathname);
  return {
    clientId: form.client_id,
    scope: form.scope,
    grantType: form.grant_type,
    resource: form.resource ?? form.scope?.replace(/\/\.default$/, ""),
    tenant,
    tenantName: tenant,
    method,
    issuer: claims?.iss,
    subject: claims?.sub,
    audience: [claims?.aud].flat()[0],
    ...timesOf(claims ?? {}, at),
  };
}
