/** Lets programs of every language trust the emulator's CA, besides those that they trust already. */
import { readFile, writeFile } from "node:fs/promises";
import { rootCertificates } from "node:tls";

/** Writes the CA into a folder, and returns the variables that lead to it. */
export async function writeTrust(
  folder: string,
  ca: string,
  env: (name: string) => string | undefined,
): Promise<Record<string, string>> {
  const extra = `${folder}/ca.pem`;
  const all = `${folder}/all_ca.pem`;
  // Each of the first two variables adds to the roots; OpenSSL and Go take the third in place of them.
  const known = await readIfSet(env("NODE_EXTRA_CA_CERTS"));
  const roots = await readIfSet(env("SSL_CERT_FILE")) || rootCertificates.join("\n");
  await writeFile(extra, `${known}\n${ca}`);
  await writeFile(all, `${roots}\n${ca}`);
  return { NODE_EXTRA_CA_CERTS: extra, DENO_CERT: extra, SSL_CERT_FILE: all };
}

async function readIfSet(path: string | undefined): Promise<string> {
  return path ? await readFile(path, "utf8") : "";
}
