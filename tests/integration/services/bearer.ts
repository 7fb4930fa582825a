/** Checks a bearer token as an Azure API does. */
import type { IncomingMessage } from "node:http";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";

/** Returns a token's claims, or undefined if there is no token, or if Entra has not signed it for this API. */
export type VerifyBearer = (request: IncomingMessage, audience: string) => Promise<JWTPayload | undefined>;

/** Makes a verifier that trusts one tenant of one authority, by the keys that it publishes. */
export function trustAuthority(authority: string, tenantId: string): VerifyBearer {
  const keys = createRemoteJWKSet(new URL(`${authority}${tenantId}/discovery/v2.0/keys`));
  const issuer = `https://sts.windows.net/${tenantId}/`;
  return async ({ headers }, audience) => {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
    if (!token) return undefined;
    try {
      return (await jwtVerify(token, keys, { issuer, audience })).payload;
    } catch (error) {
      console.error(`a token was rejected: ${error}`);
      return undefined;
    }
  };
}
