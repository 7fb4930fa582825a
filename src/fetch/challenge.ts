/** What a server that answers 401 asks for. */

/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By names in lower case, without quotes and escapes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** No server means more. */
const MOST_CHALLENGES = 100;
const SEPARATORS = /[\s,]*/y;
const PARAMETER = /([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"=][^\s,"]*))/y;
/** A scheme, and with it what some schemes have in place of parameters. */
const SCHEME = /([\w!#$%&'*+.^`|~-]+)(?:\s+[\w.~+/-]+=*(?=\s*(?:,|$)))?/y;

/**
 * Reads the challenges of all `WWW-Authenticate` fields, joined by commas; ends at the first thing that is none.
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
 * Returns the claims that a token must be asked for with, as JSON text, or undefined where the header has no claims
 * challenge that can be read.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function parseClaimsChallenge(header: string | null): string | undefined {
  for (const { scheme, parameters } of parseChallenges(header ?? "")) {
    const claims = parameters.get("claims");
    if (scheme !== "bearer" || parameters.get("error") !== "insufficient_claims" || !claims) continue;
    const text = decodeBase64(claims);
    if (text !== undefined && isJsonObject(text)) return text;
  }
}

/** Takes both alphabets, with or without padding. */
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

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
