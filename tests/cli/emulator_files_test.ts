/** The certificate and the signing key that `workload-id emulator` keeps in files. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { generateKeyPairSync } from "node:crypto";
import { createServerCertificate } from "../../src/cli/emulator/certificate.ts";
import { obtainSigningKey } from "../../src/cli/emulator/signing_key_file.ts";
import { obtainCertificate } from "../../src/cli/emulator/tls_files.ts";
import { startEmulator } from "../support/emulator_process.ts";

const DAY_IN_MS = 86_400_000;
const folder = await mkdtemp(`${tmpdir()}/emulator-files-`);
after(() => rm(folder, { recursive: true }));

let folders = 0;
const nextFolder = () => `${folder}/${++folders}`;

function modeOf(path: string): Promise<number> {
  return stat(path).then(({ mode }) => mode & 0o777);
}

/** Requests the health by a name, at the emulator's address. Returns the status, or the reason of a TLS failure. */
function health(url: string, ca: string, name: string): Promise<number | string> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const options = {
      host: "127.0.0.1",
      port,
      servername: name,
      ca,
      agent: false,
      path: "/_emulator/healthz",
    };
    request({ ...options, headers: { host: "localhost" } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end();
  });
}

test("--tls-dir keeps CA, certificate and key, with the names that are given, and uses them again", async () => {
  const tls = nextFolder();
  const options = ["--tls-dir", tls, "--tls-name", "entra", "--public-url", "https://login.example:8443"];
  const start = async () => {
    const emulator = await startEmulator(options);
    const ca = await readFile(`${tls}/ca.pem`, "utf8");
    return { emulator, ca };
  };
  const first = await start();
  assert.equal(first.emulator.url, "https://login.example:8443");
  assert.equal(await modeOf(`${tls}/server.key`), 0o600);
  const { subjectAltName } = new X509Certificate(await readFile(`${tls}/server.pem`, "utf8"));
  for (const name of ["DNS:localhost", "IP Address:127.0.0.1", "DNS:entra", "DNS:login.example"]) {
    assert.ok(subjectAltName!.split(", ").includes(name), `${name} of ${subjectAltName}`);
  }
  assert.equal((await first.emulator.stop()).code, 0);

  const second = await start();
  assert.equal(second.ca, first.ca);
  assert.equal((await second.emulator.stop()).code, 0);
});

test("a client that trusts the CA of --tls-dir reaches the emulator by each name, and by no other", async () => {
  const tls = nextFolder();
  const emulator = await startEmulator(["--tls-dir", tls, "--tls-name", "entra"]);
  const ca = await readFile(`${tls}/ca.pem`, "utf8");
  assert.equal(await health(emulator.url, ca, "entra"), 200);
  assert.equal(await health(emulator.url, ca, "localhost"), 200);
  assert.notEqual(await health(emulator.url, ca, "login.example"), 200);
  const foreign = createServerCertificate(Date.now(), ["entra"]).ca;
  assert.notEqual(await health(emulator.url, foreign, "entra"), 200);
  await emulator.stop();
});

test("a certificate is replaced if it is about to expire, lacks a name, or is damaged", async () => {
  const tls = nextFolder();
  const now = Date.now();
  const names = ["localhost", "127.0.0.1", "::1"];
  const first = await obtainCertificate(tls, names, now);
  assert.deepEqual(await obtainCertificate(tls, names, now), first);
  assert.deepEqual(await obtainCertificate(tls, names, now + 88 * DAY_IN_MS), first);
  const replaced = await obtainCertificate(tls, names, now + 89.5 * DAY_IN_MS);
  assert.notEqual(replaced.cert, first.cert);
  const named = await obtainCertificate(tls, [...names, "entra"], now);
  assert.notEqual(named.cert, replaced.cert);
  assert.deepEqual(await obtainCertificate(tls, names, now), named, "an additional name changes nothing");
  await writeFile(`${tls}/server.key`, createServerCertificate(now, names).key);
  assert.notEqual((await obtainCertificate(tls, names, now)).cert, named.cert);
});

test("--signing-key keeps the key: tokens of an earlier run still verify", async () => {
  const path = `${folder}/entra.pem`;
  const keys = async () => {
    const emulator = await startEmulator(["--signing-key", path]);
    const { keys } = await (await fetch(`${emulator.url}/t/discovery/v2.0/keys`)).json();
    await emulator.stop();
    return keys;
  };
  const first = await keys();
  assert.equal(await modeOf(path), 0o600);
  assert.deepEqual(await keys(), first);
});

test("a signing key may have another PEM form of RSA, and must be one of at least 2048 bits", async () => {
  const path = `${folder}/other.pem`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(path, privateKey.export({ type: "pkcs1", format: "pem" }));
  assert.match(await obtainSigningKey(path), /^-----BEGIN PRIVATE KEY-----\n/);
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const pem = { type: "pkcs8", format: "pem" } as const;
  for (const text of ["", "no key", short.export(pem), ec.export(pem)]) {
    await writeFile(path, text);
    await assert.rejects(obtainSigningKey(path), {
      name: "UsageError",
      message:
        `--signing-key must be a file with an RSA private key of at least 2048 bits, as PEM, but is '${path}'`,
    });
  }
});
