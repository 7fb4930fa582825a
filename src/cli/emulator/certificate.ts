/** Creates a CA and a certificate for https on this machine. The CA's private key is never stored. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** As PEM. */
export interface ServerCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const DAY_IN_MS = 86_400_000;
const LIFETIME_IN_MS = 90 * DAY_IN_MS;

/** Creates a certificate for these host names and addresses. */
export function createServerCertificate(now: number, names: readonly string[]): ServerCertificate {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const authorityId = keyId(authority.publicKey);
  const issue = (name: string, publicKey: KeyObject, extensions: Buffer[]) =>
    certificate(name, publicKey, extensions, authority.privateKey, now);
  return {
    ca: issue(AUTHORITY, authority.publicKey, [
      extension(OID.basicConstraints, true, sequence(BOOLEAN_TRUE)),
      extension(OID.keyUsage, true, element(0x03, Buffer.from([1, 0b0000_0110]))), // signs certificates and CRLs
      extension(OID.subjectKeyIdentifier, false, element(0x04, authorityId)),
    ]),
    cert: issue(names[0]!, server.publicKey, [
      extension(OID.basicConstraints, true, sequence()),
      extension(OID.keyUsage, true, element(0x03, Buffer.from([7, 0b1000_0000]))), // signs
      extension(OID.extendedKeyUsage, false, sequence(OID.serverAuth)),
      extension(OID.subjectKeyIdentifier, false, element(0x04, keyId(server.publicKey))),
      extension(OID.authorityKeyIdentifier, false, sequence(element(0x80, authorityId))),
      extension(
        OID.subjectAltName,
        false,
        sequence(...names.map(alternativeName)),
      ),
    ]),
    key: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const AUTHORITY = "workload-id emulator";

/** Object identifiers, already encoded. */
const OID = {
  commonName: oid("550403"),
  ecdsaWithSha256: oid("2a8648ce3d040302"),
  basicConstraints: oid("551d13"),
  keyUsage: oid("551d0f"),
  extendedKeyUsage: oid("551d25"),
  serverAuth: oid("2b06010505070301"),
  subjectKeyIdentifier: oid("551d0e"),
  authorityKeyIdentifier: oid("551d23"),
  subjectAltName: oid("551d11"),
};
const BOOLEAN_TRUE = element(0x01, Buffer.from([0xff]));

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificate(
  name: string,
  publicKey: KeyObject,
  extensions: Buffer[],
  issuerKey: KeyObject,
  now: number,
): string {
  const algorithm = sequence(OID.ecdsaWithSha256);
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x3f) | 0x40; // positive, and no leading zero
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))), // version 3
    element(0x02, serial),
    algorithm,
    distinguishedName(AUTHORITY),
    sequence(time(now - DAY_IN_MS), time(now + LIFETIME_IN_MS)),
    distinguishedName(name),
    publicKey.export({ type: "spki", format: "der" }),
    element(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, issuerKey);
  const der = sequence(body, algorithm, element(0x03, Buffer.from([0]), signature));
  const lines = der.toString("base64").match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function alternativeName(name: string): Buffer {
  return isIP(name) ? element(0x87, addressBytes(name)) : element(0x82, Buffer.from(name));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  const [head = [], tail] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const groups = tail ? [...head, ...new Array(8 - head.length - tail.length).fill("0"), ...tail] : head;
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function distinguishedName(name: string): Buffer {
  return sequence(element(0x31, sequence(OID.commonName, element(0x0c, Buffer.from(name)))));
}

function extension(id: Buffer, isCritical: boolean, value: Buffer): Buffer {
  return sequence(id, ...(isCritical ? [BOOLEAN_TRUE] : []), element(0x04, value));
}

/** Two digits of the year are enough until 2049. */
function time(at: number): Buffer {
  return element(0x17, Buffer.from(new Date(at).toISOString().replace(/\D/g, "").slice(2, 14) + "Z"));
}

function keyId(publicKey: KeyObject): Buffer {
  return createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest().subarray(
    0,
    20,
  );
}

function oid(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, ...parts);
}

/** Tag, length and content (DER). */
function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
