/** What is known when something has failed: the request, the assertion and the two clocks. */
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { decodeJwt } from "jose/jwt/decode";
import type { AdviceValues } from "./template.ts";
import { cloudOfAuthority } from "../settings/clouds.ts";
import type { AssertionClaims } from "../contract/errors.ts";
import { withoutTokens } from "../redaction.ts";

/** What an assertion says of itself, without trust. */
export interface AssertionFacts extends AssertionClaims {
  readonly nbf?: number;
  readonly alg?: string;
}

export interface Evidence {
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Empty where `getAssertion` took its place. */
  readonly tokenFilePath: string;
  readonly usesTokenProxy: boolean;
  /** Undefined where none was read, or it has no readable claims. */
  readonly assertion: AssertionFacts | undefined;
  /** This machine's time, in milliseconds since the Unix epoch. */
  readonly now: number;
  /** How far this machine's clock is ahead of Entra's, in milliseconds; below 0 it is behind. */
  readonly clockSkewInMs: number | undefined;
  env(name: string): string | undefined;
}

const LONGEST_CLAIM = 300;

/** Reads what may be told of an assertion; undefined where it says nothing. */
export function decodeAssertion(token: string): AssertionFacts | undefined {
  try {
    const { iss, sub, aud, iat, nbf, exp } = decodeJwt(token);
    const { alg } = decodeProtectedHeader(token);
    const told = {
      iss: clean(iss),
      sub: clean(sub),
      aud: cleanAll(aud),
      iat: time(iat),
      nbf: time(nbf),
      exp: time(exp),
      alg: clean(alg),
    };
    return Object.freeze(JSON.parse(JSON.stringify(told)));
  } catch {
    return undefined; // It has three parts, but no readable claims: there is nothing to tell of them.
  }
}

function clean(claim: unknown): string | undefined {
  return typeof claim === "string" ? inOneLine(withoutTokens(claim.slice(0, LONGEST_CLAIM))) : undefined;
}

/** What comes from outside may not pass for a line of ours, nor steer a terminal. */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

/** Finite, or JSON would make `null` of it. */
function time(claim: unknown): number | undefined {
  return typeof claim === "number" && Number.isFinite(claim) ? claim : undefined;
}

function cleanAll(claim: unknown): string | string[] | undefined {
  if (!Array.isArray(claim)) return clean(claim);
  return claim.slice(0, 5).map((one) => clean(one) ?? "?");
}

/** The audiences of an assertion. */
export function audiencesOf({ aud }: AssertionClaims): readonly string[] {
  return aud === undefined ? [] : [aud].flat();
}

/** Entra's time, as far as it is known. */
export function entraTime({ now, clockSkewInMs = 0 }: Evidence): number {
  return now - clockSkewInMs;
}

/** The facts that advice speaks of. */
export function adviceValues(evidence: Evidence): AdviceValues {
  const { authority, tenantId, clientId, scopes, tokenFilePath, assertion } = evidence;
  const [, namespace, serviceAccount] =
    /^system:serviceaccount:([\w.-]+):([\w.-]+)$/.exec(assertion?.sub ?? "") ?? [];
  const [audience] = assertion ? audiencesOf(assertion) : [];
  return {
    authority,
    tenantId,
    clientId: inOneLine(clientId),
    scope: inOneLine(scopes.join(" ")).slice(0, LONGEST_CLAIM),
    tokenFilePath: tokenFilePath || undefined,
    issuer: assertion?.iss,
    subject: assertion?.sub,
    audience,
    cloudAudience: cloudOfAuthority(authority)?.audience ?? audience,
    algorithm: assertion?.alg,
    namespace,
    serviceAccount,
    credentialName: namespace && `${namespace}-${serviceAccount}`.replace(/[^\w-]/g, "-").slice(0, 120),
  };
}
