/** The issuers of the tokens that Entra signs itself. */

const PUBLIC_CLOUD = "https://login.microsoftonline.com";

/** Returns the issuer of a tenant's tokens: of version 2.0 with an origin, else of version 1.0. */
export function issuerOf(tenantId: string, origin?: string): string {
  return origin === undefined ? `https://sts.windows.net/${tenantId}/` : `${origin}/${tenantId}/v2.0`;
}

/**
 * Returns the issuers that a federated credential may name for a token of this emulator; undefined for the token of
 * another issuer. The public cloud's name of a tenant is accepted, so that a production set-up needs no change.
 */
export function namesOfOwnIssuer(issuer: string, origin: string): readonly string[] | undefined {
  const tenantId = /([^/]+)(?:\/v2\.0|\/)$/.exec(issuer)?.[1];
  if (tenantId === undefined) return undefined;
  if (issuer === issuerOf(tenantId, origin)) return [issuer, issuerOf(tenantId, PUBLIC_CLOUD)];
  return issuer === issuerOf(tenantId) ? [issuer] : undefined;
}
