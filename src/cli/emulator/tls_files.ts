/** The certificate of the emulator, and the files by which programs trust its CA. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { rootCertificates } from "node:tls";
import { createServerCertificate, type ServerCertificate } from "./certificate.ts";

const DAY_IN_MS = 86_400_000;
const FILES = { ca: "ca.pem", cert: "server.pem", key: "server.key" } as const;

/** Reads the certificate of a folder, or creates it if it is missing, about to expire, or lacks a name. */
export async function obtainCertificate(
  folder: string,
  names: readonly string[],
  now: number,
): Promise<ServerCertificate> {
  await mkdir(folder, { recursive: true });
  const [ca, cert, key] = await Promise.all(Object.values(FILES).map((name) => read(`${folder}/${name}`)));
  if (ca && cert && key && isUsable({ ca, cert, key }, names, now)) return { ca, cert, key };
  const created = createServerCertificate(now, names);
  await writeFile(`${folder}/${FILES.key}`, created.key, { mode: 0o600 });
  await writeFile(`${folder}/${FILES.cert}`, created.cert);
  await writeFile(`${folder}/${FILES.ca}`, created.ca);
  return created;
}

/** Writes files with the CA and those that programs already trust, and returns the variables that point to the files. */
export async function writeTrust(
  folder: string,
  ca: string,
  env: (name: string) => string | undefined,
): Promise<Record<string, string>> {
  const extra = `${folder}/extra_ca.pem`;
  const bundle = `${folder}/ca_bundle.pem`;
  // The first two variables add to the roots; OpenSSL, Go, Python and curl replace them.
  await writeFile(extra, `${await readIfSet(env("NODE_EXTRA_CA_CERTS"))}\n${ca}`);
  await writeFile(bundle, `${await readIfSet(env("SSL_CERT_FILE")) || rootCertificates.join("\n")}\n${ca}`);
  return {
    NODE_EXTRA_CA_CERTS: extra,
    DENO_CERT: extra,
    SSL_CERT_FILE: bundle,
    REQUESTS_CA_BUNDLE: bundle,
    CURL_CA_BUNDLE: bundle,
  };
}

function isUsable({ ca, cert, key }: ServerCertificate, names: readonly string[], now: number): boolean {
  try {
    const [authority, server] = [new X509Certificate(ca), new X509Certificate(cert)];
    return server.verify(authority.publicKey) && server.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(server.validTo) > now + DAY_IN_MS &&
      names.every((name) => (isIP(name) ? server.checkIP(name) : server.checkHost(name)) !== undefined);
  } catch {
    return false; // the files are not what this command has written
  }
}

async function read(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

async function readIfSet(path: string | undefined): Promise<string> {
  return path ? await readFile(path, "utf8") : "";
}
