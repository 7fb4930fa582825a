/** The identity endpoint of a virtual machine's metadata service (IMDS). */
import type { EmulatorRequest } from "../entra/emulator_request.ts";
import { AadstsError, errorText } from "../entra/error_response.ts";
import type { TokenService } from "../entra/token_service.ts";
import { findIdentities, issueIdentityToken } from "./identity.ts";

const SEVERAL =
  "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request";

/**
 * Responds to a request for a managed identity's token.
 *
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export async function handleImdsRequest(
  request: EmulatorRequest,
  origin: string,
  service: TokenService,
): Promise<Response> {
  const { headers } = request;
  if (request.method !== "GET") return reject("invalid_request", "Method not allowed", 405);
  if (headers.metadata?.toLowerCase() !== "true") {
    return reject("bad_request_102", "Required metadata header not specified");
  }
  // A request that a proxy has forwarded may come from outside the machine.
  if (headers["x-forwarded-for"] !== undefined) {
    return reject("invalid_request", "The X-Forwarded-For header is not allowed");
  }
  if (!request.parameter("api-version")) {
    return reject("invalid_request", "Required query variable 'api-version' is missing");
  }
  const resource = request.parameter("resource");
  if (!resource) return reject("invalid_request", "Required audience parameter not specified");

  const names = { objectId: ["object_id"], resourceId: ["msi_res_id", "mi_res_id"] };
  const [identity, ...others] = findIdentities(request, names, service);
  if (!identity) return reject("invalid_request", "Identity not found");
  if (others.length > 0) return reject("invalid_request", SEVERAL);
  try {
    const issued = await issueIdentityToken(identity, resource, origin, service);
    return Response.json({
      access_token: issued.accessToken,
      client_id: identity.clientId,
      expires_in: String(issued.lifetimeInSeconds),
      expires_on: String(issued.expiresOn),
      ext_expires_in: String(issued.lifetimeInSeconds),
      not_before: String(issued.notBefore),
      resource,
      token_type: "Bearer",
    });
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    request.errorCode = error.code;
    return reject("invalid_resource", errorText(error));
  }
}

function reject(error: string, description: string, status = 400): Response {
  return Response.json({ error, error_description: description }, { status });
}
