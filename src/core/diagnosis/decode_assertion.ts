/** Reads the claims of an assertion, without trust. */
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { decodeJwt } from "jose/jwt/decode";
import type { AssertionClaims } from "../contract/errors.ts";
import { inOneLine, withoutTokens } from "../redaction.ts";

const LONGEST_CLAIM = 300;

/** Returns the claims that may be shown, or undefined if the text has none. */
export function decodeAssertion(token: string): AssertionClaims | undefined {
  try {
    const { iss, sub, aud, iat, nbf, exp } = decodeJwt(token);
    const { alg } = decodeProtectedHeader(token);
    const claims = {
      iss: clean(iss),
      sub: clean(sub),
      aud: cleanAll(aud),
      iat: time(iat),
      nbf: time(nbf),
      exp: time(exp),
      alg: clean(alg),
    };
    return Object.freeze(JSON.parse(JSON.stringify(claims)));
  } catch {
    return undefined; // Three parts, but no readable claims.
  }
}

/** Returns the audiences of an assertion. */
export function audiencesOf({ aud }: AssertionClaims): readonly string[] {
  return aud === undefined ? [] : [aud].flat();
}

function clean(claim: unknown): string | undefined {
  return typeof claim === "string" ? inOneLine(withoutTokens(claim.slice(0, LONGEST_CLAIM))) : undefined;
}

function cleanAll(claim: unknown): string | string[] | undefined {
  if (!Array.isArray(claim)) return clean(claim);
  return claim.slice(0, 5).map((one) => clean(one) ?? "?");
}

/** JSON would turn an infinite number into `null`. */
function time(claim: unknown): number | undefined {
  return typeof claim === "number" && Number.isFinite(claim) ? claim : undefined;
}
