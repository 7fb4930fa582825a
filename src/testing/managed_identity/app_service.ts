/** The identity endpoint of App Service and Container Apps. */
import type { EmulatorRequest } from "../entra/emulator_request.ts";
import { AadstsError, errorText } from "../entra/error_response.ts";
import type { TokenService } from "../entra/token_service.ts";
import { findIdentities, issueIdentityToken } from "./identity.ts";

const NOT_FOUND =
  "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.";

/**
 * Responds to a request for a managed identity's token.
 *
 * @param identityHeader the value that the request's `X-IDENTITY-HEADER` must have
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export async function handleAppServiceRequest(
  request: EmulatorRequest,
  identityHeader: string,
  origin: string,
  service: TokenService,
): Promise<Response> {
  if (request.method !== "GET") return reject(405, "Method not allowed");
  if (request.header("x-identity-header") !== identityHeader) {
    return reject(401, "The X-IDENTITY-HEADER header is missing or wrong.");
  }
  if (!request.parameter("api-version")) return reject(400, "The api-version parameter is missing.");
  const resource = request.parameter("resource");
  if (!resource) return reject(400, "The resource parameter is missing.");

  const names = { objectId: ["principal_id", "object_id"], resourceId: ["mi_res_id"] };
  const [identity, ...others] = findIdentities(request, names, service);
  if (!identity || others.length > 0) return reject(400, NOT_FOUND);
  try {
    const issued = await issueIdentityToken(identity, resource, origin, service);
    return Response.json({
      access_token: issued.accessToken,
      client_id: identity.clientId,
      expires_on: String(issued.expiresOn),
      resource,
      token_type: "Bearer",
    });
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    request.errorCode = error.code;
    return reject(400, errorText(error));
  }
}

function reject(statusCode: number, message: string): Response {
  return Response.json({ statusCode, message, correlationId: crypto.randomUUID() }, { status: statusCode });
}
