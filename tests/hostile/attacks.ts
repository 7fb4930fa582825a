/** Attacks of a hostile endpoint on a token request, byte by byte. */
import { createGzip } from "node:zlib";
import type { ErrorCode } from "../../mod.ts";
import { RUNTIME } from "../support/child.ts";
import { drip, flood, type Play } from "./hostile_endpoint.ts";

const MIB = 1024 * 1024;
const BOMB_SIZE = 160 * MIB;

/** The behaviour of an endpoint, and the required outcome of the call. */
export interface Attack {
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

/** A whole response, with its length. */
export function responseWith(status: number, text: string): string {
  return `HTTP/1.1 ${status} Status\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
}

/**
 * Returns the attacks by name.
 *
 * @param elsewhere a host that must not receive the assertion
 */
export async function listAttacks(
  elsewhere: string,
  assertion: string,
): Promise<Record<string, Attack>> {
  const bomb = await makeBomb();
  const escaped = assertion.replace("eyJ", "\\u0065yJ");
  const redirect = (status: number) =>
    `HTTP/1.1 ${status} Elsewhere\r\nLocation: http://${elsewhere}/token\r\n`;
  return {
    "an endless body in chunks": {
      code: "response_too_large",
      play: floods(`${OK}${CHUNKED}\r\n`, CHUNK),
      endless: true,
    },
    "an endless body in chunks that claims a small length": {
      // Node's parser rejects a response that has both a length and chunks.
      code: RUNTIME === "node" ? "network_failed" : "response_too_large",
      play: floods(`${OK}Content-Length: 6\r\n${CHUNKED}\r\n`, CHUNK),
      endless: true,
    },
    "an endless body of no length": {
      code: "response_too_large",
      play: floods(`${OK}\r\n`, PIECE),
      endless: true,
    },
    "an endless body of an error response": {
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
      // Node's transport unpacks only an encoding that it has requested.
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
    "a flood of interim responses": {
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
    "bytes that are not HTTP": { code: "network_failed", play: says("SSH-2.0-OpenSSH_9.2\r\n\r\n") },
    "TLS that is cut": { code: "network_failed", play: (socket) => void socket.destroy(), scheme: "https" },
    "bytes that are not TLS": {
      code: "network_failed",
      play: says("HTTP/1.1 400 Bad Request\r\n\r\n"),
      scheme: "https",
    },
    "TLS that never responds": {
      code: "timeout",
      play: () => {},
      scheme: "https",
      requestTimeoutInMs: 300,
      endless: true,
    },
    ...Object.fromEntries([301, 302, 303, 307, 308].map((status): [string, Attack] => [
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
          `${OK}Location: http://${elsewhere}/\r\nRefresh: 0; url=http://${elsewhere}/\r\nContent-Length: 2\r\n\r\n{}`,
        ),
    },
    "endlessly nested JSON": { code: "response_invalid", play: says(responseWith(200, "[".repeat(MIB - 1))) },
    "an endlessly nested object": {
      code: "response_invalid",
      play: says(responseWith(400, '{"error":'.repeat(100_000))),
    },
    "the assertion repeated": {
      code: "entra_rejected",
      play: says(
        responseWith(400, JSON.stringify({ error: assertion, error_description: `it was ${assertion}` })),
      ),
    },
    "the assertion repeated in escapes": {
      code: "entra_rejected",
      play: says(responseWith(400, `{"error":"${escaped}","error_description":"${escaped}"}`)),
    },
  };
}

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
