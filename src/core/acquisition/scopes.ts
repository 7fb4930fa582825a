/** The resources that a token is asked for. */

/**
 * Returns the scopes trimmed and without repetition, in the order given.
 *
 * @throws {TypeError} none is left, or one is not a string
 */
export function parseScopes(scopes: unknown): string[] {
  const list: unknown[] = Array.isArray(scopes) ? scopes : [scopes];
  const parsed = new Set<string>();
  for (const scope of list) {
    if (typeof scope !== "string") {
      throw new TypeError(
        'scopes: must be a string or an array of strings, such as "https://vault.azure.net/.default"',
      );
    }
    for (const part of scope.split(/\s+/)) if (part) parsed.add(part);
  }
  if (parsed.size === 0) {
    throw new TypeError('scopes: at least one is needed, such as "https://vault.azure.net/.default"');
  }
  return [...parsed];
}

/** Returns a text that is equal for scopes that differ in order and case only. */
export function scopesKey(scopes: readonly string[]): string {
  return scopes.map((scope) => scope.toLowerCase()).sort().join(" ");
}
