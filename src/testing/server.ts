/** Puts a `fetch` on loopback, over Node's own server, which Deno and Bun have too; loaded when it is asked for. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isConnectionReset } from "./connection_reset.ts";
import type { FetchFunction } from "./fetch_function.ts";

/** Where and how to listen. */
export interface ListenOptions {
  /** 0 takes one that is free. @default 0 */
  port?: number;
  /** The address to bind, which the URL names. @default "127.0.0.1" */
  hostname?: string;
  /** The private key as PEM; with `cert` it makes the server speak https. */
  key?: string;
  /** The certificate as PEM, and those that stand above it. */
  cert?: string;
}

/** A server that runs. */
export interface Listener {
  /** Its address, without a trailing slash. */
  readonly url: string;
  /** Ends it and every connection to it. */
  close(): Promise<void>;
}

/** Serves what a function answers. Where that is a connection reset, the connection is broken. */
export async function listenOnLoopback(answer: FetchFunction, options: ListenOptions): Promise<Listener> {
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
  origin = `${isSecure ? "https" : "http"}://${hostname.includes(":") ? `[${hostname}]` : hostname}:${bound}`;
  return {
    url: origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  const body = await readText(incoming);
  // A client with a proxy names the whole address, which a server has to take as well (RFC 9112 section 3.2.2).
  const response = await answer(url.startsWith("/") ? origin + url : url, {
    method,
    headers: Object.fromEntries(headers),
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

/** A fault that was asked for breaks the connection; one that nobody asked for must be seen. */
function breakOff(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
  else if (isConnectionReset(error)) outgoing.socket?.resetAndDestroy();
  else outgoing.writeHead(500, { "content-type": "text/plain" }).end(`The emulator failed: ${error}`);
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of incoming) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** Waits until a chunk is on its way, or nobody wants it any more: what is broken off afterwards cannot undo it. */
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
