/** Parses the challenges of a response with status 401. */
import { parseJsonObject } from "../core/json.ts";

/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By names in lower case, without quotes and escapes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Further challenges are ignored. */
const MOST_CHALLENGES = 100;
const SEPARATORS = /[\s,]*/y;
const PARAMETER = /([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"=][^\s,"]*))/y;
/** A scheme, with the token that some schemes have instead of parameters. */
const SCHEME = /([\w!#$%&'*+.^`|~-]+)(?:\s+[\w.~+/-]+=*(?=\s*(?:,|$)))?/y;

/**
 * Parses the challenges of all `WWW-Authenticate` fields, joined by commas. Ends at the first text that is not a challenge.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let position = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = position;
    const match = pattern.exec(header);
    if (match) position = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SEPARATORS);
    const parameter = challenges.length > 0 && take(PARAMETER);
    if (parameter) {
      const [, name, quoted, plain] = parameter;
      challenges.at(-1)!.parameters.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain!);
      continue;
    }
    const scheme = take(SCHEME)?.[1];
    if (scheme === undefined || challenges.length === MOST_CHALLENGES) return challenges;
    challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
  }
}

/**
 * Returns the claims that the next token request must contain, as JSON text, or undefined if the header has no valid
 * claims challenge.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function parseClaimsChallenge(header: string | null): string | undefined {
  for (const { scheme, parameters } of parseChallenges(header ?? "")) {
    const claims = parameters.get("claims");
    if (scheme !== "bearer" || parameters.get("error") !== "insufficient_claims" || !claims) continue;
    const text = decodeBase64(claims);
    if (text !== undefined && parseJsonObject(text)) return text;
  }
}

/** Decodes both alphabets, with or without padding. */
function decodeBase64(text: string): string | undefined {
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/").replace(/={1,2}$/, ""));
    return new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
    );
  } catch {
    return undefined;
  }
}
