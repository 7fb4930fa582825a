/** Whether a client assertion proves to be the application that it is sent for. */
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { JOSEError, JWSInvalid } from "jose/errors";
import { compactVerify } from "jose/jws/compact/verify";
import { decodeJwt } from "jose/jwt/decode";
import { importJWK } from "jose/key/import";
import type { JWTPayload } from "jose";
import type { Application, FederatedCredential } from "./directory.ts";
import type { IssuerKeys } from "./issuer_keys.ts";
import { Refusal } from "./error_response.ts";

const LONGEST_LIFE_IN_SECONDS = 25 * 3600;
const DEFAULT_AUDIENCES = ["api://AzureADTokenExchange"];

/**
 * Verifies as Entra does: the form, the matching federated credential, the signature, then the times, of which none
 * may lie off by a second.
 *
 * @throws {Refusal}
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export async function verifyClientAssertion(
  assertion: string,
  application: Application,
  keys: IssuerKeys,
  now: number,
): Promise<void> {
  const { claims, kid } = decode(assertion);
  matchCredential(claims, application);
  const jwk = await keys.find(claims.iss!, kid);
  try {
    await compactVerify(assertion, await importJWK(jwk, "RS256"), { algorithms: ["RS256"] });
  } catch (error) {
    if (!(error instanceof JOSEError)) throw error;
    throw new Refusal(error instanceof JWSInvalid ? 50027 : 700027);
  }
  checkTimes(claims, now);
}

/** Returns the claims of a token that nobody vouches for yet, or undefined where it is none. */
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
    throw new Refusal(50027);
  }
  if (typeof claims?.iss !== "string" || typeof claims.sub !== "string" || claims.aud === undefined) {
    throw new Refusal(50027);
  }
  if (header.alg !== "RS256") throw new Refusal(5002730);
  if (typeof header.kid !== "string") throw new Refusal(5002723);
  return { claims, kid: header.kid };
}

function matchCredential(claims: JWTPayload, application: Application): void {
  const { clientId, name, federatedCredentials } = application;
  const { iss: issuer, sub: subject } = claims;
  const presented = [claims.aud].flat();
  const values = { issuer, subject, audience: presented[0] };
  if (federatedCredentials.length === 0) throw new Refusal(70025, { clientId, clientName: name });

  const ofIssuer = federatedCredentials.filter((credential) => credential.issuer === issuer);
  if (ofIssuer.length === 0) throw new Refusal(700211, values);
  const ofSubject = ofIssuer.filter((credential) => credential.subject === subject);
  if (ofSubject.length === 0) {
    const folded = subject?.toLowerCase();
    const differsInCase = ofIssuer.some((credential) => credential.subject.toLowerCase() === folded);
    throw new Refusal(differsInCase ? 7002138 : 700213, values);
  }
  const isFor = ({ audiences = DEFAULT_AUDIENCES }: FederatedCredential) =>
    audiences.some((audience) => presented.includes(audience));
  if (!ofSubject.some(isFor)) throw new Refusal(700212, values);
}

function checkTimes({ iat, nbf = 0, exp }: JWTPayload, now: number): void {
  if (typeof exp !== "number") throw new Refusal(50027);
  if (typeof iat !== "number" || exp - iat > LONGEST_LIFE_IN_SECONDS) {
    throw new Refusal(70023, { issuedAt: String(iat ?? ""), expires: String(exp) });
  }
  if (nbf * 1000 > now || exp * 1000 <= now) {
    throw new Refusal(700024, {
      now: ticks(now),
      validFrom: ticks(nbf * 1000),
      validTo: ticks(exp * 1000),
    });
  }
}

/** A time to the ten millionth of a second, as .NET writes it. */
function ticks(time: number): string {
  return new Date(time).toISOString().replace("Z", "0000Z");
}
