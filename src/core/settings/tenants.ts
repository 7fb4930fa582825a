/** The tenant of a token request. */

const RESERVED = ["common", "organizations", "consumers"];

/** Returns the problem of a tenant as a phrase that follows the setting's name, or undefined if it is valid. */
export function tenantIdProblem(tenantId: unknown): string | undefined {
  if (typeof tenantId !== "string" || !/^[0-9a-zA-Z.-]+$/.test(tenantId) || /^\.+$/.test(tenantId)) {
    return "is neither a GUID nor a domain name";
  }
  if (RESERVED.includes(tenantId.toLowerCase())) {
    return "must be one tenant, not an alias for many";
  }
  return undefined;
}

/** Returns whether `requested` is the credential's own tenant, or one that calls may request. */
export function isTenantAllowed(requested: string, own: string, allowed: readonly string[]): boolean {
  const wanted = requested.toLowerCase();
  return wanted === own.toLowerCase() ||
    allowed.some((tenant) => tenant === "*" || tenant.toLowerCase() === wanted);
}
