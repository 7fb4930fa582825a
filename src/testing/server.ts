/** Serves a `fetch` with the server of `node:http`, which Deno and Bun have too. The module is loaded when needed. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isLoopback } from "../core/settings/authority.ts";
import { isConnectionReset } from "./connection_reset.ts";
import type { FetchFunction } from "./fetch_function.ts";

/** Address, port and TLS settings of a server. */
export interface ListenOptions {
  /** The port; 0 selects a free one. @default 0 */
  port?: number;
  /** The address to bind. @default "127.0.0.1" */
  hostname?: string;
  /** The private key, as PEM. With `key` and `cert`, the server uses https. */
  key?: string;
  /** The certificate and its chain, as PEM. */
  cert?: string;
}

/** A running server. */
export interface Listener {
  /** The URL without a trailing slash. For a server on all addresses, it contains the loopback address. */
  readonly url: string;
  /** Stops the server and closes its connections. */
  close(): Promise<void>;
}

const LARGEST_BODY_IN_BYTES = 1024 * 1024;
const LOOPBACK_OF: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Serves the responses of a function. If the function throws a connection reset, the connection is broken. */
export async function listen(handle: FetchFunction, options: ListenOptions): Promise<Listener> {
  const { port = 0, hostname = "127.0.0.1", key, cert } = options;
  const isSecure = key !== undefined && cert !== undefined;
  let origin = "";
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    respond(handle, origin, incoming, outgoing).catch((error) => breakOff(outgoing, error));
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

/** Returns whether an address to bind is reachable only from this machine. */
export function isLoopbackAddress(hostname: string): boolean {
  return isLoopback(bracket(hostname));
}

function bracket(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

async function respond(
  handle: FetchFunction,
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
  // A client with a proxy sends an absolute URL, which takes precedence over the Host header (RFC 9112, section 3.2.2).
  const isAbsolute = !url.startsWith("/");
  if (isAbsolute) headers.set("host", new URL(url).host);
  const response = await handle(isAbsolute ? url : origin + url, {
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

/** Breaks the connection for a scripted fault, and reports any other error in a response with status 500. */
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
