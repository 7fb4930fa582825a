/** Serves a `fetch` with Node's own server, which Deno and Bun have too; the server is loaded when it is needed. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isLoopback } from "../core/settings/authority.ts";
import { isConnectionReset } from "./connection_reset.ts";
import type { FetchFunction } from "./fetch_function.ts";

/** Where and how to listen. */
export interface ListenOptions {
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** The address to bind. @default "127.0.0.1" */
  hostname?: string;
  /** The private key as PEM; with `cert` it makes the server speak https. */
  key?: string;
  /** The certificate as PEM, and those above it. */
  cert?: string;
}

/** A running server. */
export interface Listener {
  /** Its address, without a trailing slash. For a server on all addresses, the loopback address. */
  readonly url: string;
  /** Stops it and closes its connections. */
  close(): Promise<void>;
}

const LARGEST_BODY_IN_BYTES = 1024 * 1024;
const LOOPBACK_OF: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Serves the responses of a function. If it throws a connection reset, the connection is broken. */
export async function listen(answer: FetchFunction, options: ListenOptions): Promise<Listener> {
  const { port = 0, hostname = "127.0.0.1", key, cert } = options;
  const isSecure = key !== undefined && cert !== undefined;
  let origin = "";
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    respond(answer, origin, incoming, outgoing).catch((error) => breakOff(outgoing, error));
  };
  const server: Server = isSecure
    ? (await import("node:https")).createServer({ key, cert }, onRequest)
    : (await import("node:http")).createServer(onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  origin = `${isSecure ? "https" : "http"}://${bracket(LOOPBACK_OF[hostname] ?? hostname)}:${bound}`;
  return {
    url: origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether an address to bind is reachable from this machine only. */
export function isLoopbackAddress(hostname: string): boolean {
  return isLoopback(bracket(hostname));
}

function bracket(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

async function respond(
  answer: FetchFunction,
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  const { method = "GET", url = "/" } = incoming;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, [value].flat().join(", "));
  const body = await readText(incoming);
  if (body === undefined) return rejectBody(outgoing);
  // A client with a proxy sends the whole address, which replaces the Host header (RFC 9112 section 3.2.2).
  const isAbsolute = !url.startsWith("/");
  if (isAbsolute) headers.set("host", new URL(url).host);
  const response = await answer(isAbsolute ? url : origin + url, {
    method,
    headers,
    ...(body !== "" && { body }),
    signal: gone.signal,
  });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const chunk of response.body ?? []) {
    await write(outgoing, chunk);
    if (outgoing.destroyed) return;
  }
  outgoing.end();
}

/** A scripted fault breaks the connection; an unexpected error must be seen. */
function breakOff(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
  else if (isConnectionReset(error)) outgoing.socket?.resetAndDestroy();
  else outgoing.writeHead(500, { "content-type": "text/plain" }).end(`The emulator failed: ${error}`);
}

/** Returns undefined for a body that is larger than 1 MiB. */
async function readText(incoming: IncomingMessage): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LARGEST_BODY_IN_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function rejectBody(outgoing: ServerResponse): void {
  const body = { error: "invalid_request", error_description: "The request body is larger than 1 MiB." };
  outgoing.writeHead(413, { "content-type": "application/json", connection: "close" });
  outgoing.end(JSON.stringify(body));
}

/** Waits until a chunk has been sent or the client is gone: breaking the connection afterwards cannot undo it. */
function write(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("close", done);
      resolve();
    };
    outgoing.on("close", done);
    outgoing.write(chunk, done);
  });
}
