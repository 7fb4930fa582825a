/** A hostile endpoint on loopback, and the credential with the runtime's own transport. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { WorkloadIdentityCredential } from "../../mod.ts";
import { projectedToken, SCOPE } from "../support/harness.ts";
import { listAttacks, responseWith } from "./attacks.ts";
import { HostileEndpoint } from "./hostile_endpoint.ts";
import { assertFails } from "./harness.ts";

const ASSERTION = projectedToken();

let folder: string;
let tokenFilePath: string;
/** The host to which a hostile endpoint redirects the assertion. */
const other = await HostileEndpoint.start((socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"));

before(async () => {
  folder = await mkdtemp(`${tmpdir()}/hostile-`);
  tokenFilePath = `${folder}/token`;
  await writeFile(tokenFilePath, ASSERTION);
});

after(async () => {
  await other.stop();
  await rm(folder, { recursive: true });
});

const attack = Object.entries(await listAttacks(other.host, ASSERTION));

for (const [what, { code, play, requestTimeoutInMs = 5000, scheme = "http", endless }] of attack) {
  test(`${what}: ${code}`, async () => {
    const endpoint = await HostileEndpoint.start(play, scheme === "https");
    const credential = createCredential(`${scheme}://${endpoint.host}`, requestTimeoutInMs);
    try {
      await assertFails(code, () => credential.getToken(SCOPE), ASSERTION, requestTimeoutInMs);
      assert.equal(other.connections, 0, "it went elsewhere");
      // Deno's fetch sends a request again if the connection ends without a response.
      assert.ok(endpoint.requests <= 2, `${endpoint.requests} requests`);
      if (endless) await deserted(endpoint);
    } finally {
      await endpoint.stop();
    }
  });
}

test("a kept connection that is reset when it is used again: network_failed, or a token over another one", async () => {
  const token = '{"token_type":"Bearer","expires_in":3600,"access_token":"granted"}';
  let rejects = false;
  let resets = 0;
  const respond = (socket: Socket, index: number) => {
    if (!rejects) return void socket.write(responseWith(200, token));
    if (index > 0) resets++;
    socket.resetAndDestroy();
  };
  const endpoint = await HostileEndpoint.start(respond);
  const deadlineInMs = 5000;
  const credential = createCredential(`http://${endpoint.host}`, deadlineInMs);
  try {
    assert.equal((await credential.getToken(SCOPE)).token, "granted");
    rejects = true;
    await assertFails("network_failed", () => credential.getToken(`${SCOPE}2`), ASSERTION, deadlineInMs);
    assert.equal(other.connections, 0, "it went elsewhere");
    assert.ok(endpoint.requests <= 3, `${endpoint.requests} requests`);
    assert.equal(resets, 1, "it was no kept connection");
    rejects = false;
    assert.equal((await credential.getToken(`${SCOPE}3`)).token, "granted");
  } finally {
    await endpoint.stop();
  }
});

function createCredential(authorityHost: string, requestTimeoutInMs: number): WorkloadIdentityCredential {
  return new WorkloadIdentityCredential({
    tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
    clientId: "11111111-2222-3333-4444-555555555555",
    tokenFilePath,
    authorityHost,
    requestTimeoutInMs,
    retryOptions: { maxRetries: 0 },
  });
}

/** Nothing is left of the connections within a second. */
async function deserted(endpoint: HostileEndpoint): Promise<void> {
  for (let waited = 0; endpoint.open.size > 0; waited += 10) {
    assert.ok(waited < 1000, "the connection is still open");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
