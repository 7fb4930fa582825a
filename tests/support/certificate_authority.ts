/** A certificate authority for tests, whose certificates are valid for an hour. */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR_IN_MS = 3_600_000;

/** Certificate and key of a TLS server. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export class CertificateAuthority {
  /** The certificate of the CA, as PEM. */
  readonly pem: string;
  readonly #subject: string;
  readonly #keys: CryptoKeyPair;

  private constructor(subject: string, keys: CryptoKeyPair, pem: string) {
    this.#subject = subject;
    this.#keys = keys;
    this.pem = pem;
  }

  static async create(name: string): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const subject = `CN=${name}`;
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: subject,
      ...lifetime(0),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(subject, keys, certificate.toString("pem"));
  }

  /** Makes a certificate for these DNS names and IPv4 addresses. */
  issue(...names: string[]): Promise<ServerCertificate> {
    return this.#issue(names, 0);
  }

  /** Makes one that has expired a minute ago. */
  issueExpired(...names: string[]): Promise<ServerCertificate> {
    return this.#issue(names, 60_000);
  }

  async #issue(names: string[], expiredInMs: number): Promise<ServerCertificate> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: `CN=${names[0]}`,
      issuer: this.#subject,
      ...lifetime(expiredInMs),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: /^[\d.]+$/.test(value) ? "ip" as const : "dns" as const, value })),
        ),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      ],
    });
    const key = x509.PemConverter.encode(
      await crypto.subtle.exportKey("pkcs8", keys.privateKey),
      "PRIVATE KEY",
    );
    return { cert: certificate.toString("pem"), key };
  }
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function lifetime(expiredInMs: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  const notAfter = expiredInMs > 0 ? now - expiredInMs : now + HOUR_IN_MS;
  return { notBefore: new Date(notAfter - 2 * HOUR_IN_MS), notAfter: new Date(notAfter) };
}

function serialNumber(): string {
  return `01${crypto.randomUUID().replaceAll("-", "")}`;
}
