/** Servers may echo tokens in responses and errors: remove them from text. */

const MOST_CHARACTERS = 2000;

/** A JSON Web Token begins like this: `{"` in base64url. */
const TOKEN = /eyJ[\w-]{10}/;

/** Returns a text without anything that looks like a token, and no longer than a message needs. */
export function withoutTokens(text: string): string {
  return text.slice(0, MOST_CHARACTERS).replace(/eyJ[\w-]*(\.[\w-]*)*/g, "[token removed]");
}

/**
 * Whether a secret, or anything that looks like a token, stands anywhere in a value: in a text, a field, an entry or a
 * cause. Too large a value counts as if it did.
 */
export function mentions(value: unknown, secret: string, seen: Set<unknown> = new Set()): boolean {
  if (typeof value === "string") return (secret !== "" && value.includes(secret)) || TOKEN.test(value);
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) {
    return false;
  }
  if (seen.add(value).size > 1000) return true;
  if (value instanceof Error && mentions(value.stack, secret, seen)) return true;
  // Not a constant: Node loads its whole fetch when `Headers` is first read.
  if ([Map, Set, URLSearchParams, Headers].some((type) => value instanceof type)) {
    for (const entry of value as Iterable<unknown>) if (mentions(entry, secret, seen)) return true;
  }
  return Reflect.ownKeys(value).some((key) =>
    mentions(Object.getOwnPropertyDescriptor(value, key)?.value, secret, seen)
  );
}

/** Returns a text without line ends and control characters: text from outside must not look like a line of ours or steer a terminal. */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}
