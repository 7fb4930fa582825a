/** A hostile endpoint on loopback, and the credential with the runtime's own transport. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import process from "node:process";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { createGzip } from "node:zlib";
import { type ErrorCode, WorkloadIdentityCredential } from "../../mod.ts";
import { projectedToken, rejection, SCOPE } from "../behaviour/world.ts";
import { RUNTIME } from "../child.ts";
import { drip, flood, HostileEndpoint, type Play } from "./hostile_endpoint.ts";

const MIB = 1024 * 1024;
const BOMB_SIZE = 160 * MIB;
const MOST_GROWTH = 100 * MIB;
const ASSERTION = projectedToken();
const ASSERTION_ESCAPED = ASSERTION.replace("eyJ", "\\u0065yJ");

let folder: string;
let tokenFilePath: string;
let bomb: Uint8Array;
/** Where a hostile endpoint would like the assertion to be sent. */
let other: HostileEndpoint;

before(async () => {
  folder = await mkdtemp(`${tmpdir()}/hostile-`);
  tokenFilePath = `${folder}/token`;
  await writeFile(tokenFilePath, ASSERTION);
  bomb = await makeBomb();
  other = await HostileEndpoint.start((socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"));
});

after(async () => {
  await other.stop();
  await rm(folder, { recursive: true });
});

async function makeBomb(): Promise<Uint8Array> {
  const gzip = createGzip({ level: 1 });
  const zeros = new Uint8Array(MIB).fill(0x20);
  const chunks: Uint8Array[] = [];
  gzip.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  const ended = new Promise((resolve) => gzip.on("end", resolve));
  for (let size = 0; size < BOMB_SIZE; size += MIB) {
    await new Promise<void>((resolve) => gzip.write(zeros, () => resolve()));
  }
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}

interface Hostility {
  readonly code: ErrorCode;
  readonly play: Play;
  readonly requestTimeoutInMs?: number;
  readonly scheme?: "http" | "https";
  /** The endpoint itself never ends the connection: the credential must. */
  readonly endless?: boolean;
}

const PIECE = "x".repeat(0x4000);
const CHUNK = `4000\r\n${PIECE}\r\n`;
const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = "Transfer-Encoding: chunked\r\n";

const floods = (head: string, piece: string): Play => (socket) => {
  socket.write(head);
  flood(socket, piece);
};
const drips = (head: string): Play => (socket) => {
  socket.write(head);
  drip(socket);
};
const says = (text: string): Play => (socket) => void socket.end(text);
const redirect = (status: number) =>
  `HTTP/1.1 ${status} Elsewhere\r\nLocation: http://${other.host}/token\r\n`;
const body = (status: number, text: string) =>
  `HTTP/1.1 ${status} Status\r\nContent-Length: ${text.length}\r\n\r\n${text}`;

const HOSTILITIES: Record<string, Hostility> = {
  "an endless body in chunks": {
    code: "response_too_large",
    play: floods(`${OK}${CHUNKED}\r\n`, CHUNK),
    endless: true,
  },
  "an endless body in chunks that claims a small length": {
    // Node's parser takes no answer that is framed in two ways.
    code: RUNTIME === "node" ? "network_failed" : "response_too_large",
    play: floods(`${OK}Content-Length: 6\r\n${CHUNKED}\r\n`, CHUNK),
    endless: true,
  },
  "an endless body of no length": {
    code: "response_too_large",
    play: floods(`${OK}\r\n`, PIECE),
    endless: true,
  },
  "an endless body of a refusal": {
    code: "response_too_large",
    play: floods(`HTTP/1.1 400 Bad Request\r\n${CHUNKED}\r\n`, CHUNK),
    endless: true,
  },
  "a body of an enormous length": {
    code: "response_too_large",
    play: floods(`${OK}Content-Length: 999999999999\r\n\r\n`, PIECE),
    endless: true,
  },
  "an enormous length and a small body": {
    code: "network_failed",
    play: says(`${OK}Content-Length: 999999999999\r\n\r\n{}`),
  },
  "an enormous length and a body that stops": {
    code: "timeout",
    play: (socket) => void socket.write(`${OK}Content-Length: 999999999999\r\n\r\n{}`),
    requestTimeoutInMs: 300,
    endless: true,
  },
  "a compressed bomb": {
    // What Node's transport did not ask for it does not unpack.
    code: RUNTIME === "node" ? "response_invalid" : "response_too_large",
    play: (socket) => {
      socket.write(`${OK}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    },
  },
  "a compressed bomb in chunks": {
    code: RUNTIME === "node" ? "response_invalid" : "response_too_large",
    play: (socket) => {
      socket.write(`${OK}Content-Encoding: gzip\r\n${CHUNKED}\r\n${bomb.length.toString(16)}\r\n`);
      socket.write(bomb);
      socket.write("\r\n0\r\n\r\n");
    },
  },
  "silence": { code: "timeout", play: () => {}, requestTimeoutInMs: 300, endless: true },
  "a head that drips": {
    code: "timeout",
    play: drips(`${OK}x-slow: `),
    requestTimeoutInMs: 300,
    endless: true,
  },
  "a body that drips": {
    code: "timeout",
    play: drips(`${OK}Content-Length: 100000\r\n\r\n`),
    requestTimeoutInMs: 300,
    endless: true,
  },
  "a flood of headers": {
    code: "network_failed",
    play: floods(OK, `x-flood: ${"x".repeat(1000)}\r\n`),
    endless: true,
  },
  "an endless header": { code: "network_failed", play: floods(`${OK}x-flood: `, PIECE), endless: true },
  "a flood of interim answers": {
    code: "timeout",
    play: floods("", "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n".repeat(20)),
    requestTimeoutInMs: 300,
    endless: true,
  },
  "a connection cut in the body": {
    code: "network_failed",
    play: says(`${OK}Content-Length: 100\r\n\r\n{"access_token":"`),
  },
  "a connection cut between chunks": {
    code: "network_failed",
    play: says(`${OK}${CHUNKED}\r\n1\r\n{\r\n`),
  },
  "a connection cut in the head": { code: "network_failed", play: says("HTTP/1.1 200 OK\r\nContent-Le") },
  "a connection that is reset": {
    code: "network_failed",
    play: (socket) => void socket.resetAndDestroy(),
  },
  "what is no HTTP": { code: "network_failed", play: says("SSH-2.0-OpenSSH_9.2\r\n\r\n") },
  "TLS that is cut": { code: "network_failed", play: (socket) => void socket.destroy(), scheme: "https" },
  "TLS that is none": {
    code: "network_failed",
    play: says("HTTP/1.1 400 Bad Request\r\n\r\n"),
    scheme: "https",
  },
  "TLS that never answers": {
    code: "timeout",
    play: () => {},
    scheme: "https",
    requestTimeoutInMs: 300,
    endless: true,
  },
  ...Object.fromEntries([301, 302, 303, 307, 308].map((status): [string, Hostility] => [
    `a redirect with status ${status}`,
    {
      code: "redirect_refused",
      play: (socket) => void socket.write(`${redirect(status)}Content-Length: 0\r\n\r\n`),
    },
  ])),
  "a redirect with an endless body": {
    code: "redirect_refused",
    play: (socket) => {
      socket.write(`${redirect(307)}${CHUNKED}\r\n`);
      flood(socket, CHUNK);
    },
    endless: true,
  },
  "a redirect by Refresh and Location with status 200": {
    code: "response_invalid",
    play: (socket) =>
      void socket.end(
        `${OK}Location: http://${other.host}/\r\nRefresh: 0; url=http://${other.host}/\r\nContent-Length: 2\r\n\r\n{}`,
      ),
  },
  "JSON without a bottom": { code: "response_invalid", play: says(body(200, "[".repeat(MIB - 1))) },
  "an object without a bottom": {
    code: "response_invalid",
    play: says(body(400, '{"error":'.repeat(100_000))),
  },
  "the assertion repeated": {
    code: "entra_rejected",
    play: says(body(400, JSON.stringify({ error: ASSERTION, error_description: `it was ${ASSERTION}` }))),
  },
  "the assertion repeated in escapes": {
    code: "entra_rejected",
    play: says(body(400, `{"error":"${ASSERTION_ESCAPED}","error_description":"${ASSERTION_ESCAPED}"}`)),
  },
};

for (
  const [what, { code, play, requestTimeoutInMs = 5000, scheme = "http", endless }] of Object.entries(
    HOSTILITIES,
  )
) {
  test(`${what}: ${code}`, async () => {
    const endpoint = await HostileEndpoint.start(play, scheme === "https");
    const credential = createCredential(`${scheme}://${endpoint.host}`, requestTimeoutInMs);
    try {
      const memory = new Memory();
      const startedAt = performance.now();
      const error = await rejection(credential.getToken(SCOPE));
      const took = performance.now() - startedAt;
      const grown = memory.stop();
      assert.equal(error.code, code, inspect(error));
      assert.equal(error.name, "CredentialUnavailableError");
      assert.ok(took < requestTimeoutInMs + 1000, `it took ${took} ms`);
      assert.ok(grown < MOST_GROWTH, `memory grew by ${Math.round(grown / MIB)} MiB`);
      assert.ok(
        !inspect(error, { depth: 10, showHidden: true }).includes(ASSERTION),
        "it tells the assertion",
      );
      assert.equal(other.connections, 0, "it went elsewhere");
      // Deno's fetch sends a request again where the connection ended without an answer.
      assert.ok(endpoint.requests <= 2, `${endpoint.requests} requests`);
      if (endless) await deserted(endpoint);
    } finally {
      await endpoint.stop();
    }
  });
}

test("a kept connection that is reset when it is used again: network_failed, or a token over another one", async () => {
  const token = '{"token_type":"Bearer","expires_in":3600,"access_token":"granted"}';
  let refuses = false;
  const answer = (socket: Socket) =>
    void (refuses ? socket.resetAndDestroy() : socket.write(body(200, token)));
  const endpoint = await HostileEndpoint.start(answer);
  const credential = createCredential(`http://${endpoint.host}`, 5000);
  try {
    assert.equal((await credential.getToken(SCOPE)).token, "granted");
    refuses = true;
    assert.equal((await rejection(credential.getToken(`${SCOPE}2`))).code, "network_failed");
    assert.ok(endpoint.requests <= 3, `${endpoint.requests} requests`);
    refuses = false;
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

/** How much the process grows at most. */
class Memory {
  readonly #start: number = process.memoryUsage().rss;
  #peak: number = this.#start;
  readonly #timer: ReturnType<typeof setInterval> = setInterval(() => this.#look(), 5);

  stop(): number {
    clearInterval(this.#timer);
    this.#look();
    return this.#peak - this.#start;
  }

  #look(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage().rss);
  }
}
