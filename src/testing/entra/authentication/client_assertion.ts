/** Verifies that a client assertion proves its application. */
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { JOSEError, JWSInvalid } from "jose/errors";
import { compactVerify } from "jose/jws/compact/verify";
import { decodeJwt } from "jose/jwt/decode";
import { importJWK } from "jose/key/import";
import type { JWK, JWTPayload } from "jose";
import type { AssertionClaims } from "../../../core/contract/errors.ts";
import { isExchangeTokenSubject } from "../agent_identity.ts";
import type { FederatedCredential } from "../application.ts";
import { namesOfOwnIssuer } from "../entra_issuer.ts";
import { AadstsError, type ErrorValues } from "../error_response.ts";
import { EXCHANGE_AUDIENCE, fromExchangeClaim } from "../exchange_audience.ts";

const LONGEST_LIFETIME_IN_SECONDS = 25 * 3600;
const NO_CERTIFICATE =
  "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The " +
  "key was not found. Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys " +
  "for app Id '{clientId}'.]";

/** The application that an assertion must prove, and what it is verified with. */
export interface Trust {
  readonly clientId: string;
  readonly clientName: string;
  readonly credentials: readonly FederatedCredential[];
  /** The address of this emulator, which is part of the issuer of its own tokens. */
  readonly origin: string;
  /** Returns the public key of an issuer; of this emulator's own with `isOwn`. */
  findKey(issuer: string, kid: string, isOwn: boolean): Promise<JWK>;
  readonly now: number;
}

/**
 * Verifies as Entra does: the form, the matching federated credential, the signature, the type of a token that Entra
 * has issued itself, then the times, without tolerance.
 *
 * @throws {AadstsError}
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export async function verifyClientAssertion(assertion: string, trust: Trust): Promise<void> {
  const { claims, kid } = decode(assertion);
  if (claims.iss === trust.clientId) throw new AadstsError(700027, trust, NO_CERTIFICATE);
  const ownNames = namesOfOwnIssuer(claims.iss!, trust.origin);
  matchCredential(claims, trust, ownNames ?? [claims.iss!]);
  const jwk = await trust.findKey(claims.iss!, kid, ownNames !== undefined);
  try {
    await compactVerify(assertion, await importJWK(jwk, "RS256"), { algorithms: ["RS256"] });
  } catch (error) {
    if (!(error instanceof JOSEError)) throw error;
    throw new AadstsError(error instanceof JWSInvalid ? 50027 : 700027);
  }
  if (ownNames) checkOwnToken(claims);
  checkTimes(claims, trust.now);
}

/** Returns the claims of a token without verifying it, or undefined if it is not a JWT. */
export function decodeClaims(assertion: string): JWTPayload | undefined {
  try {
    return decodeJwt(assertion);
  } catch {
    return undefined;
  }
}

function decode(assertion: string): { claims: JWTPayload; kid: string } {
  const claims = decodeClaims(assertion);
  let header: { alg?: unknown; kid?: unknown };
  try {
    header = decodeProtectedHeader(assertion);
  } catch {
    throw new AadstsError(50027);
  }
  if (typeof claims?.iss !== "string" || typeof claims.sub !== "string" || claims.aud === undefined) {
    throw new AadstsError(50027);
  }
  if (header.alg !== "RS256") throw new AadstsError(5002730);
  if (typeof header.kid !== "string") throw new AadstsError(5002723);
  return { claims, kid: header.kid };
}

function matchCredential(claims: JWTPayload, trust: Trust, issuerNames: readonly string[]): void {
  const { iss: issuer, sub: subject } = claims;
  const presented = [claims.aud ?? []].flat().map(fromExchangeClaim);
  const values = { issuer, subject, audience: presented[0] };
  if (trust.credentials.length === 0) throw new AadstsError(70025, trust);

  const ofIssuer = trust.credentials.filter((credential) => issuerNames.includes(credential.issuer));
  if (ofIssuer.length === 0) throw new AadstsError(700211, values);
  const ofSubject = ofIssuer.filter((credential) => credential.subject === subject);
  if (ofSubject.length === 0) {
    const folded = subject?.toLowerCase();
    const differsInCase = ofIssuer.some((credential) => credential.subject.toLowerCase() === folded);
    throw new AadstsError(differsInCase ? 7002138 : 700213, values);
  }
  const isFor = ({ audiences = [EXCHANGE_AUDIENCE] }: FederatedCredential) =>
    audiences.some((audience) => presented.includes(audience));
  if (!ofSubject.some(isFor)) throw new AadstsError(700212, values);
}

/** Of Entra's own tokens, only those of a managed identity and exchange tokens of a blueprint may be presented. */
function checkOwnToken({ sub, idtyp, xms_mirid: resourceId }: JWTPayload): void {
  if (idtyp !== "app") throw new AadstsError(700229);
  if (resourceId === undefined && !isExchangeTokenSubject(sub)) throw new AadstsError(700222);
}

function checkTimes(claims: JWTPayload, now: number): void {
  const { iat, nbf = 0, exp } = claims;
  if (typeof exp !== "number") throw new AadstsError(50027);
  if (typeof iat !== "number" || exp - iat > LONGEST_LIFETIME_IN_SECONDS) {
    throw new AadstsError(70023, timesOf(claims, now));
  }
  if (nbf * 1000 > now || exp * 1000 <= now) throw new AadstsError(700024, timesOf(claims, now));
}

/** Returns the times that the text of an error names. */
export function timesOf({ iat, nbf = 0, exp = 0 }: AssertionClaims, now: number): ErrorValues {
  return {
    now: ticks(now),
    validFrom: ticks(nbf * 1000),
    validTo: ticks(exp * 1000),
    issuedAt: iat,
    expires: exp,
  };
}

/** A time in units of 100 ns, as .NET writes it. */
function ticks(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().replace("Z", "0000Z");
}
