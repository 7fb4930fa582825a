/** The scopes of a token request. */

import { quote } from "../settings/check_option.ts";

/**
 * Returns the scopes trimmed and without duplicates, in the caller's order.
 *
 * @throws {TypeError} there is none, or one is not a string
 */
export function parseScopes(scopes: unknown): string[] {
  const list: unknown[] = Array.isArray(scopes) ? scopes : [scopes];
  const parsed = new Set<string>();
  for (const scope of list) {
    if (typeof scope !== "string") {
      throw new TypeError(
        `scopes must be a string or an array of strings such as 'https://vault.azure.net/.default', but is or contains ${
          quote(scope)
        }`,
      );
    }
    for (const part of scope.split(/\s+/)) if (part) parsed.add(part);
  }
  if (parsed.size === 0) {
    throw new TypeError("scopes must contain at least one scope, such as 'https://vault.azure.net/.default'");
  }
  return [...parsed];
}

/** Returns a text that is equal for scopes that differ only in order and case. */
export function scopesKey(scopes: readonly string[]): string {
  return scopes.map((scope) => scope.toLowerCase()).sort().join(" ");
}
