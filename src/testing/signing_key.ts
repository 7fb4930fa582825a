import { encode } from "jose/base64url";
import { generateKeyPair } from "jose/key/generate/keypair";
import { exportJWK } from "jose/key/export";
import { importPKCS8 } from "jose/key/import";
import { SignJWT } from "jose/jwt/sign";
import type { JWK, JWTHeaderParameters } from "jose";

/** A key pair that signs JWTs. The private key is not extractable. */
export interface SigningKey {
  readonly kid: string;
  /** The public key, as a JWKS publishes it. */
  readonly jwk: JWK;
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

/** Algorithms that an issuer can sign with; Entra accepts RS256 only. */
export type SigningAlgorithm = "RS256" | "ES256";

/** Generates a key pair. */
export async function createSigningKey(alg: SigningAlgorithm = "RS256"): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return await signingKey(alg, publicKey, privateKey);
}

/**
 * Imports an RSA private key in PKCS#8, as PEM.
 *
 * @throws {TypeError} the text is something else
 */
export async function importSigningKey(pem: string): Promise<SigningKey> {
  try {
    const privateKey = await importPKCS8(pem, "RS256", { extractable: true });
    const { kty, n, e } = await exportJWK(privateKey);
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const publicKey = await crypto.subtle.importKey("jwk", { kty: kty!, n: n!, e: e! }, algorithm, true, [
      "verify",
    ]);
    return await signingKey("RS256", publicKey, privateKey);
  } catch (cause) {
    throw new TypeError("The signing key is not an RSA private key in PKCS#8 as PEM.", { cause });
  }
}

/** Returns the ID of a key: the digest of its public key, as in the API server of Kubernetes. */
async function signingKey(
  alg: SigningAlgorithm,
  publicKey: CryptoKey,
  privateKey: CryptoKey,
): Promise<SigningKey> {
  const spki = await crypto.subtle.exportKey("spki", publicKey);
  const kid = encode(new Uint8Array(await crypto.subtle.digest("SHA-256", spki)));
  const jwk = { use: "sig", ...await exportJWK(publicKey), kid, alg };
  return {
    kid,
    jwk,
    sign: (claims, header) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid, ...header } as JWTHeaderParameters).sign(privateKey),
  };
}
