import { createPrivateKey, generateKeyPair, type KeyObject } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { UsageError } from "../support/shell.ts";

/**
 * Reads the key that signs access tokens, or creates the file.
 *
 * @returns the key in PKCS#8, as PEM
 * @throws {UsageError} the file has no RSA private key of at least 2048 bits
 */
export async function obtainSigningKey(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text !== undefined) return toPkcs8(parse(text, path));
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const created = toPkcs8(privateKey);
  await writeFile(path, created, { mode: 0o600 });
  return created;
}

function parse(text: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return key;
  } catch { /* not a private key */ }
  throw new UsageError(
    `--signing-key must be a file with an RSA private key of at least 2048 bits, as PEM, but is '${path}'`,
  );
}

function toPkcs8(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
