import { encode } from "jose/base64url";
import { generateKeyPair } from "jose/key/generate/keypair";
import { exportJWK } from "jose/key/export";
import { SignJWT } from "jose/jwt/sign";
import type { JWK, JWTHeaderParameters } from "jose";

/** A key pair that signs JWTs; its private half never leaves it. */
export interface SigningKey {
  readonly kid: string;
  /** The public half, as a JWKS publishes it. */
  readonly jwk: JWK;
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

/** Algorithms that an issuer can sign with; Entra takes RS256 alone. */
export type SigningAlgorithm = "RS256" | "ES256";

/** Makes a key pair. Its id is the digest of the public key, as the API server of Kubernetes makes it. */
export async function createSigningKey(alg: SigningAlgorithm = "RS256"): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
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
