import assert from "node:assert/strict";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { type CredentialEvent, WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { detectRuntime } from "../../src/runtime/detect.ts";
import { projectedToken, rejection } from "../support/harness.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { onDeno, runProgram } from "./program.ts";
import { TokenServer } from "../support/token_server.ts";

const NAME = "0f3c9a";
const ca = await CertificateAuthority.create("cluster");
const otherCa = await CertificateAuthority.create("another cluster");
const certificate = await ca.issue(NAME);

let folder: string;
let tokenFile: string;
let caFile: string;
let server: TokenServer;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "identity-binding-"));
  tokenFile = join(folder, "token");
  caFile = join(folder, "ca.crt");
  await writeFile(tokenFile, projectedToken({ aud: ["api://AKSIdentityBinding"] }));
});
beforeEach(async () => {
  await writeFile(caFile, ca.pem);
  server = await TokenServer.start(certificate);
});
afterEach(() => server.stop());
after(() => rm(folder, { recursive: true }));

/** As the kubelet does it: readers see the old file or the new one, never half of one. */
async function rotate(text: string): Promise<void> {
  await writeFile(`${caFile}.new`, text);
  await rename(`${caFile}.new`, caFile);
}

function environment(variables: Record<string, string> = {}): Record<string, string> {
  return {
    AZURE_CLIENT_ID: "11111111-2222-3333-4444-555555555555",
    AZURE_TENANT_ID: "tenant",
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
    AZURE_KUBERNETES_TOKEN_PROXY: `https://127.0.0.1:${server.port}/token-proxy`,
    ...variables,
  };
}

function create(variables: Record<string, string> = {}): WorkloadIdentityCredential {
  const env = environment(variables);
  return new WorkloadIdentityCredential(
    { enableAzureProxy: true, retryOptions: { maxRetries: 0 } },
    { ...detectRuntime(), env: (name) => env[name] },
  );
}

let asked = 0;

/** Requests a token that is not in the cache, and fails if the exchange fails. */
async function exchange(credential: WorkloadIdentityCredential): Promise<void> {
  const scope = `resource-${++asked}/.default`;
  assert.equal((await credential.getToken(scope)).token, scope);
}

const sni = { AZURE_KUBERNETES_SNI_NAME: NAME };
const TRUSTED: [name: string, variables: () => Record<string, string>][] = [
  ["CA file with SNI", () => ({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile })],
  ["CA data with SNI", () => ({ ...sni, AZURE_KUBERNETES_CA_DATA: ca.pem })],
  ["CA data of several certificates, one of them unreadable", () => ({
    ...sni,
    AZURE_KUBERNETES_CA_DATA:
      `${otherCa.pem}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${ca.pem}`,
  })],
];
for (const [name, variables] of TRUSTED) {
  test(`the token proxy is trusted: ${name}`, async () => {
    await exchange(create(variables()));
    const [seen] = server.exchanges;
    assert.equal(seen!.path, "/token-proxy/tenant/oauth2/v2.0/token");
    assert.equal(seen!.serverName, NAME);
    assert.match(seen!.form.get("client_assertion")!, /^eyJ/);
  });
}

for (
  const [name, variables] of [
    ["CA file without SNI", () => ({ AZURE_KUBERNETES_CA_FILE: caFile })],
    ["CA data without SNI", () => ({ AZURE_KUBERNETES_CA_DATA: ca.pem })],
  ] as [string, () => Record<string, string>][]
) {
  test(`the token proxy is trusted: ${name}`, async () => {
    await server.present(await ca.issue("localhost"));
    const proxy = `https://localhost:${server.port}/`;
    const credential = create({ ...variables(), AZURE_KUBERNETES_TOKEN_PROXY: proxy });
    await exchange(credential);
    assert.equal(server.exchanges[0]!.path, "/tenant/oauth2/v2.0/token");
  });
}

test("a wrong CA is rejected, and the error reports it", async () => {
  const error = await rejection(
    exchange(create({ ...sni, AZURE_KUBERNETES_CA_DATA: otherCa.pem })),
  );
  assert.equal(error.code, "certificate_refused");
  assert.match(error.message, /unable to verify the first certificate|UnknownIssuer/);
  assert.match(
    error.message,
    /is for 0f3c9a \(AZURE_KUBERNETES_SNI_NAME\), and is issued by a CA in AZURE_KUBERNETES_CA_DATA/,
  );
  assert.match(error.message, new RegExp(`certificate of 127\\.0\\.0\\.1:${server.port}`));
  assert.doesNotMatch(error.message, /BEGIN|eyJ/);
});

test("a wrong name is rejected, and the error reports it", async () => {
  const error = await rejection(
    exchange(create({ AZURE_KUBERNETES_SNI_NAME: "0ther", AZURE_KUBERNETES_CA_FILE: caFile })),
  );
  assert.equal(error.code, "certificate_refused");
  assert.match(error.message, /does not match certificate's altnames: Host: 0ther\./);
  assert.match(
    error.message,
    /is for 0ther \(AZURE_KUBERNETES_SNI_NAME\), and is issued by a CA in .+ca\.crt/,
  );
});

test("without SNI the URL's own host must be in the certificate", async () => {
  const error = await rejection(exchange(create({ AZURE_KUBERNETES_CA_FILE: caFile })));
  assert.equal(error.code, "certificate_refused");
  assert.match(error.message, /is for 127\.0\.0\.1 \(AZURE_KUBERNETES_SNI_NAME is not set\)/);
});

test("without a CA the system's roots apply, and the error reports it", async () => {
  const error = await rejection(exchange(create(sni)));
  assert.equal(error.code, "certificate_refused");
  assert.match(error.message, /a CA of the system \(neither AZURE_KUBERNETES_CA_FILE nor/);
});

test("an expired certificate is rejected, and the error reports it", async () => {
  await server.present(await ca.issueExpired(NAME));
  const error = await rejection(exchange(create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile })));
  assert.equal(error.code, "certificate_refused");
  assert.match(error.message, /expired/);
  assert.equal(server.exchanges.length, 0);
});

test("an unchanged CA file reuses the connection", async () => {
  const credential = create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile });
  await exchange(credential);
  await rotate(ca.pem);
  await exchange(credential);
  assert.equal(server.exchanges.length, 2);
  assert.equal(server.connections, 1);
});

test("a rotated CA applies from the next exchange, and idle connections of the old one are closed", async () => {
  const credential = create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile });
  const events: Omit<CredentialEvent, "time">[] = [];
  credential.subscribe(({ time: _time, ...event }) => void events.push(event));
  await exchange(credential);
  assert.equal(server.openConnections, 1);
  await rotate(otherCa.pem);
  assert.equal((await rejection(exchange(credential))).code, "certificate_refused");
  for (let turn = 0; server.openConnections > 0 && turn < 200; turn++) await pause(5);
  assert.equal(server.openConnections, 0);
  await server.present(await otherCa.issue(NAME));
  await exchange(credential);
  await rotate(ca.pem);
  await server.present(certificate);
  await exchange(credential);
  assert.equal(server.exchanges.length, 3);
  const reload = { type: "ca_reloaded", caFile };
  assert.deepEqual(events.filter(({ type }) => type === reload.type), [reload, reload]);
});

test("an exchange in flight survives the rotation of the CA", async () => {
  const credential = create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile });
  let respond!: () => void;
  const held = new Promise<void>((resolve) => respond = resolve);
  server.hold = ({ form }) => form.get("scope") === "slow/.default" ? held : undefined;
  const slow = credential.getToken("slow/.default");
  while (server.exchanges.length === 0) await pause(5);
  await rotate(otherCa.pem + ca.pem);
  await exchange(credential);
  respond();
  assert.equal((await slow).token, "slow/.default");
  for (let turn = 0; server.openConnections > 1 && turn < 200; turn++) await pause(5);
  assert.equal(server.openConnections, 1, "the old connection is not kept");
});

test("an empty CA file during rotation keeps the previous CA; on the first load it is an error", async () => {
  const credential = create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile });
  await exchange(credential);
  await writeFile(caFile, "");
  await exchange(credential);
  assert.equal(server.connections, 1);
  const error = await rejection(exchange(create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile })));
  assert.equal(error.code, "identity_binding_invalid");
  assert.match(error.message, /ca\.crt \(AZURE_KUBERNETES_CA_FILE\) is empty/);
});

test("a CA file that is unreadable or not PEM is an error at first, and later keeps the previous CA", async () => {
  const garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const broken: [string | undefined, RegExp][] = [
    [undefined, /ca\.crt \(AZURE_KUBERNETES_CA_FILE\) cannot be read/],
    ["invalid-certificate-data", /ca\.crt \(AZURE_KUBERNETES_CA_FILE\) does not contain a PEM certificate/],
    [garbage, /cannot be used: none of its certificates is valid/],
  ];
  for (const [text, says] of broken) {
    await rotate(ca.pem);
    const credential = create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile });
    await exchange(credential);
    if (text === undefined) await rm(caFile);
    else await rotate(text);
    await exchange(credential);
    const late = create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile });
    const error = await rejection(exchange(late));
    assert.equal(error.code, "identity_binding_invalid");
    assert.match(error.message, says);
    await rotate(ca.pem);
    await exchange(late);
  }
});

test("100 concurrent exchanges during a rotation all succeed", async () => {
  const credential = create({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile });
  server.hold = () => pause(20);
  const exchanges = Array.from({ length: 100 }, async (_, index) => {
    await pause(index);
    await exchange(credential);
  });
  for (
    const text of [ca.pem + otherCa.pem, otherCa.pem + ca.pem, "", `# rotated\n${ca.pem}`, "no PEM", ca.pem]
  ) {
    await pause(15);
    await (text ? rotate(text) : writeFile(caFile, text));
  }
  await Promise.all(exchanges);
  assert.equal(server.exchanges.length, 100);
});

test("a proxy in the environment changes nothing, and on Deno the flags of the README are enough", async () => {
  let diverted = 0;
  const egress = createServer((socket) => {
    diverted++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => egress.listen(0, "127.0.0.1", resolve));
  const proxy = `http://127.0.0.1:${(egress.address() as AddressInfo).port}`;
  const env = environment({ ...sni, AZURE_KUBERNETES_CA_FILE: caFile });
  const permissions = [
    `--allow-net=127.0.0.1:${server.port}`,
    `--allow-read=${tokenFile},${caFile}`,
    `--allow-env=${Object.keys(env)}`,
  ];
  const program = new URL("./get_token.ts", import.meta.url);
  const variables = {
    ...env,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    ALL_PROXY: proxy,
    NODE_USE_ENV_PROXY: "1",
  };
  const { stdout, stderr } = await runProgram(program, variables, permissions);
  egress.close();
  assert.equal(stdout, `{"token":"vault/.default"}\n`, stderr);
  assert.equal(diverted, 0);
  if (!onDeno) return;
  const withoutCa = [permissions[0]!, `--allow-read=${tokenFile}`, permissions[2]!];
  const denied = JSON.parse((await runProgram(program, variables, withoutCa)).stdout);
  assert.equal(denied.code, "permission_denied");
  assert.ok(denied.message.includes(`--allow-read=${caFile}`));
  const roots: Record<string, string> = { ...variables };
  delete roots.AZURE_KUBERNETES_CA_FILE;
  const untrusted = JSON.parse((await runProgram(program, roots, permissions)).stdout);
  assert.equal(untrusted.code, "certificate_refused", "the system's roots need no flag");
  roots.NODE_EXTRA_CA_CERTS = caFile;
  const extra = JSON.parse((await runProgram(program, roots, permissions)).stdout);
  assert.equal(extra.code, "permission_denied");
  assert.match(extra.message, /A permission was denied: .+--allow-sys/);
});

function pause(delayInMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayInMs));
}
