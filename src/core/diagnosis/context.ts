/** The facts about a failure: the request, the claims of the assertion and the two clocks, and their words. */
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { decodeJwt } from "jose/jwt/decode";
import type { AssertionClaims } from "../contract/errors.ts";
import { describeTime } from "../failure/credential_error.ts";
import { inOneLine, withoutTokens } from "../redaction.ts";
import { cloudOfAuthority, PUBLIC_CLOUD } from "../settings/clouds.ts";
import type { TemplateValues } from "./template.ts";

export interface DiagnosisContext {
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Set if the client is an agent identity blueprint that requests an exchange token. */
  readonly fmiPath?: string | undefined;
  /** Empty if `getAssertion` is used instead. */
  readonly tokenFilePath: string;
  readonly usesIdentityBinding: boolean;
  /** Undefined if none was read, or if it has no readable claims. */
  readonly assertion: AssertionClaims | undefined;
  /** This machine's time, in milliseconds since the Unix epoch. */
  readonly now: number;
  /** Lead of this machine's clock over Entra's, in milliseconds; negative if it is behind. */
  readonly clockSkewInMs: number | undefined;
  env(name: string): string | undefined;
}

const LONGEST_SCOPE = 300;
const LONGEST_CLAIM = 300;
const UNITS: readonly (readonly [inMs: number, name: string])[] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

/** Returns Entra's time, as far as it is known. */
export function entraTime({ now, clockSkewInMs = 0 }: DiagnosisContext): number {
  return now - clockSkewInMs;
}

/** Returns the facts by the names of the templates' placeholders. */
export function templateValues(context: DiagnosisContext): TemplateValues {
  const { authority, tenantId, clientId, scopes, tokenFilePath, assertion } = context;
  const [, namespace, serviceAccount] =
    /^system:serviceaccount:([\w.-]+):([\w.-]+)$/.exec(assertion?.sub ?? "") ?? [];
  const [audience = ""] = assertion ? audiencesOf(assertion) : [];
  const { audience: cloudAudience } = cloudOfAuthority(authority) ?? PUBLIC_CLOUD;
  return {
    authority,
    tenantId,
    clientId: inOneLine(clientId),
    scope: inOneLine(scopes.join(" ")).slice(0, LONGEST_SCOPE),
    tokenFilePath: tokenFilePath || undefined,
    issuer: assertion?.iss,
    subject: assertion?.sub,
    // Entra's own tokens contain its application ID instead.
    audience: /^[\da-f-]{36}$/.test(audience) ? cloudAudience : audience,
    cloudAudience,
    algorithm: assertion?.alg,
    namespace,
    serviceAccount,
    credentialName: namespace && `${namespace}-${serviceAccount}`.replace(/[^\w-]/g, "-").slice(0, 120),
  };
}

/** Returns the claims that are safe to show, or undefined if the token has no readable claims. */
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
    return undefined; // A token of three parts whose claims cannot be read.
  }
}

/** Describes the issuer, the subject, the audience and the validity of an assertion. */
export function describeAssertion(assertion: AssertionClaims): string {
  const { iss = "none", sub = "none", iat, exp } = assertion;
  const audience = audiencesOf(assertion).join(" and ") || "none";
  const life = iat === undefined || exp === undefined ? "" : ` for ${describeDuration((exp - iat) * 1000)}`;
  const end = exp === undefined ? "without an expiry time" : `valid${life} until ${describeTime(exp * 1000)}`;
  return `issuer ${iss}, subject ${sub}, audience ${audience}, ${end}`;
}

/** Returns the audiences of an assertion. */
export function audiencesOf({ aud }: AssertionClaims): readonly string[] {
  return aud === undefined ? [] : [aud].flat();
}

/** Returns the two largest units of a duration, such as `1 h 5 min`; below a second, `less than 1 s`. */
export function describeDuration(durationInMs: number): string {
  const rounded = Math.floor(Math.abs(durationInMs) / 1000) * 1000;
  const first = UNITS.findIndex(([unit]) => rounded >= unit);
  if (first < 0) return "less than 1 s";
  const [unit, name] = UNITS[first]!;
  const [nextUnit, nextName] = UNITS[first + 1] ?? [Infinity, ""];
  const rest = Math.floor((rounded % unit) / nextUnit);
  return `${Math.floor(rounded / unit)} ${name}${rest > 0 ? ` ${rest} ${nextName}` : ""}`;
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
