const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\w+/=\s]+-----END CERTIFICATE-----/;

/** Whether a text holds at least one certificate in PEM. */
export function hasCertificate(pem: string): boolean {
  return CERTIFICATE.test(pem);
}
