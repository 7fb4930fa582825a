/** Which tenant a token is asked of. */

const RESERVED = ["common", "organizations", "consumers"];

/** Returns why a text cannot be the tenant of a workload, or undefined when it can. */
export function tenantIdProblem(tenantId: unknown): string | undefined {
  if (typeof tenantId !== "string" || !/^[0-9a-zA-Z.-]+$/.test(tenantId) || /^\.+$/.test(tenantId)) {
    return "a tenant is a GUID or a domain name: letters, digits, dots and hyphens";
  }
  if (RESERVED.includes(tenantId.toLowerCase())) {
    return `"${tenantId}" is no tenant of its own: name the tenant that holds the application or managed identity`;
  }
  return undefined;
}

/** Whether `requested` is the credential's own tenant, or one that it may ask besides. */
export function isTenantAllowed(requested: string, own: string, allowed: readonly string[]): boolean {
  const wanted = requested.toLowerCase();
  return wanted === own.toLowerCase() ||
    allowed.some((tenant) => tenant === "*" || tenant.toLowerCase() === wanted);
}
