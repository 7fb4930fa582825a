const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\w+/=\s]+-----END CERTIFICATE-----/;

/** Returns whether a text contains at least one PEM certificate. */
export function hasCertificate(pem: string): boolean {
  return CERTIFICATE.test(pem);
}
