/** The reason of Deno for a rejected certificate, with a substitute for its TLS functions. */
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { createServer } from "node:tls";
import type { TlsSettings } from "../../src/core/mod.ts";
import { openDenoTransport } from "../../src/runtime/transport/deno_tls.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";

const ca = await CertificateAuthority.create("server");
const other = await CertificateAuthority.create("other");
const server = createServer(await ca.issue("localhost"), (socket) => socket.on("error", () => {}));
server.on("tlsClientError", () => {});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => server.close());
const { port } = server.address() as AddressInfo;

/** Sends a request while `Deno` is replaced; `handshake` is given a promise that rejects when the connection is closed. */
async function send(
  settings: TlsSettings,
  handshake: (closed: Promise<never>) => Promise<unknown>,
  { url = `https://127.0.0.1:${port}/token`, signal }: { url?: string; signal?: AbortSignal } = {},
) {
  const connected: object[] = [];
  const started: object[] = [];
  let closes = 0;
  let onClose = (_: Error) => {};
  const closed = new Promise<never>((_, reject) => onClose = reject);
  closed.catch(() => {});
  const connection = {
    close() {
      closes++;
      onClose(new Error("closed"));
    },
    handshake: () => handshake(closed),
  };
  const substitute = {
    connect: (options: object) => (connected.push(options), Promise.resolve(connection)),
    startTls: (_: unknown, options: object) => (started.push(options), Promise.resolve(connection)),
  };
  const original = Object.getOwnPropertyDescriptor(globalThis, "Deno");
  Object.defineProperty(globalThis, "Deno", { configurable: true, writable: true, value: substitute });
  try {
    const error = await openDenoTransport(settings)
      .fetch(url, { method: "POST", headers: {}, ...(signal && { signal }) })
      .then(() => assert.fail("the certificate was accepted"), (error) => error);
    return { error, connected, started, closes };
  } finally {
    if (original) Object.defineProperty(globalThis, "Deno", original);
    else delete (globalThis as Record<string, unknown>).Deno;
  }
}

const REASON = "invalid peer certificate: Expired";
const expired = () => Promise.reject(new Error(REASON));

for (
  const [what, settings, options] of [
    ["the host and the CA", { ca: other.pem }, { hostname: "127.0.0.1", caCerts: [other.pem] }],
    ["the server name", { ca: other.pem, serverName: "localhost" }, {
      hostname: "localhost",
      caCerts: [other.pem],
    }],
    ["the system's CAs", { serverName: "localhost" }, { hostname: "localhost", caCerts: [] }],
  ] as const
) {
  test(`the handshake is repeated with ${what}, and its reason is the error's`, async () => {
    const { error, connected, started, closes } = await send(settings, expired);
    assert.equal(error.message, REASON);
    assert.deepEqual(connected, [{ hostname: "127.0.0.1", port }]);
    assert.deepEqual(started, [options]);
    assert.ok(closes > 0);
  });
}

test("if the handshake gives no reason, the first error is kept", async () => {
  for (const thrown of [new Error("connection reset"), { message: REASON }, undefined]) {
    const { error } = await send({ ca: other.pem }, () => Promise.reject(thrown));
    assert.match(error.code, /^UNABLE_TO_VERIFY/);
  }
  const { error } = await send({ ca: other.pem }, () => Promise.resolve());
  assert.match(error.code, /^UNABLE_TO_VERIFY/);
});

test("another error is not explained", async () => {
  const { error, connected } = await send({ ca: other.pem }, expired, { url: "https://127.0.0.1:1/token" });
  assert.equal(error.code, "ECONNREFUSED");
  assert.deepEqual(connected, []);
});

test("an abort ends the repeated handshake", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const { closes } = await send({ ca: other.pem }, (closed) => {
    controller.abort();
    return closed;
  }, { signal });
  assert.ok(closes > 0);
});
