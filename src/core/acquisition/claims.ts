/** The `claims` parameter of the token request (OpenID Connect Core, section 5.5). */
import { isJsonObject, type JsonObject, parseJsonObject } from "../json.ts";

/**
 * Returns a challenge's claims, with the client capability `cp1` added when the caller handles challenges.
 *
 * @throws {TypeError} the claims are not a JSON object
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge#client-capabilities
 */
export function mergeClaims(claims: string | undefined, enableCae: boolean): string | undefined {
  const requested = claims === undefined ? undefined : parseClaims(claims);
  if (!enableCae) return claims;
  const accessToken = isJsonObject(requested?.access_token) ? requested.access_token : {};
  try {
    return JSON.stringify({ ...requested, access_token: { ...accessToken, xms_cc: { values: ["cp1"] } } });
  } catch {
    throw new TypeError("claims are nested too deeply");
  }
}

function parseClaims(claims: unknown): JsonObject {
  const parsed = typeof claims === "string" ? parseJsonObject(claims) : undefined;
  if (parsed) return parsed;
  throw new TypeError("claims must be a JSON object as text, decoded from the challenge");
}
