/** Servers and callers may echo secrets in responses and errors: remove them from text. */

const MAX_CHARACTERS = 2000;

/** A JSON Web Token starts like this: `{"` in base64url. */
const TOKEN = /eyJ[\w-]*(\.[\w-]*)*/g;
/** Matches a PEM block, also a truncated one. */
const PEM = /-----BEGIN [A-Z ]+-----[^-]*(-----END [A-Z ]+-----)?/g;

/** Returns a text without anything that looks like a token or a certificate, and no longer than a message needs. */
export function withoutTokens(text: string): string {
  return withoutSecrets(text.slice(0, MAX_CHARACTERS), "");
}

/** Returns a text without a secret, and without anything that looks like a token or a certificate. */
export function withoutSecrets(text: string, secret: string): string {
  const rest = secret === "" ? text : text.replaceAll(secret, "[token removed]");
  return rest.replace(TOKEN, "[token removed]").replace(PEM, "[certificate removed]");
}

/**
 * Returns a text without line ends and control characters, so that text from outside cannot forge a line or control a
 * terminal.
 */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}
