/** A connection over TLS that is cut when half of the promised response is sent, by the authority or by a token proxy. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { projectedToken } from "../support/harness.ts";
import { CertificateAuthority, type ServerCertificate } from "../support/certificate_authority.ts";
import { runProgram } from "../tls/program.ts";
import { HostileEndpoint } from "./hostile_endpoint.ts";

const PROGRAM = new URL("./failing_call.ts", import.meta.url);
const BODY = '{"token_type":"Bearer","expires_in":3600,"access_token":"granted"}';
const HALF = BODY.slice(0, BODY.length / 2);
const LENGTH = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${HALF}`;
const CHUNKS = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${
  HALF.length.toString(16)
}\r\n${HALF}\r\n`;

/** The text after the first half. */
const CUTS: Record<string, (socket: Socket) => void> = {
  "ended": (socket) => socket.end(),
  "dropped": (socket) => socket.destroy(),
};

let folder: string;
let certificate: ServerCertificate;
let workload: Record<string, string>;

before(async () => {
  folder = await mkdtemp(`${tmpdir()}/hostile-`);
  const ca = await CertificateAuthority.create("hostile");
  certificate = await ca.issue("127.0.0.1");
  await writeFile(`${folder}/ca.crt`, ca.pem);
  await writeFile(`${folder}/token`, projectedToken());
  workload = {
    AZURE_CLIENT_ID: "11111111-2222-3333-4444-555555555555",
    AZURE_TENANT_ID: "72f988bf-0000-0000-0000-2d7cd011db47",
    AZURE_FEDERATED_TOKEN_FILE: `${folder}/token`,
    EXPECTED_CODE: "network_failed",
  };
});

after(() => rm(folder, { recursive: true }));

/** The options that lead the credential to the endpoint. */
const ROUTES: Record<string, (url: string) => Record<string, string>> = {
  "the authority": (url) => ({
    AZURE_AUTHORITY_HOST: url,
    NODE_EXTRA_CA_CERTS: `${folder}/ca.crt`,
    DENO_CERT: `${folder}/ca.crt`,
  }),
  "a token proxy": (url) => ({
    AZURE_KUBERNETES_TOKEN_PROXY: url,
    AZURE_KUBERNETES_CA_FILE: `${folder}/ca.crt`,
  }),
};

for (const [who, route] of Object.entries(ROUTES)) {
  for (const [how, cut] of Object.entries(CUTS)) {
    for (const [framing, half] of Object.entries({ "a length": LENGTH, "chunks": CHUNKS })) {
      test(`TLS to ${who} that is ${how} in the middle of a body with ${framing}: network_failed`, async () => {
        const play = (socket: Socket) => void socket.write(half, () => cut(socket));
        const endpoint = await HostileEndpoint.startSecure(play, certificate);
        try {
          const variables = { ...workload, ...route(`https://${endpoint.host}`) };
          const { code, stderr } = await runProgram(PROGRAM, variables);
          assert.equal(code, 0, stderr);
          assert.equal(endpoint.requests, 1, "the handshake failed, or it was sent again");
          assert.ok(endpoint.received.includes("client_assertion="));
        } finally {
          await endpoint.stop();
        }
      });
    }
  }
}
