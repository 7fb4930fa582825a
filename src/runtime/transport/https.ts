/**
 * A `FetchLike` over `node:https`, and over `node:http` to loopback, which never uses a proxy. It follows no redirect,
 * and its sockets keep no process alive.
 */
import type { Agent as HttpAgent, IncomingMessage } from "node:http";
import type { Agent } from "node:https";
import type { FetchInit, FetchLike, FetchResponse } from "../../core/contract/runtime.ts";
import { getBuiltin } from "./builtin.ts";

/** @param agent by default the global agent, which reuses connections and uses the proxy with `NODE_USE_ENV_PROXY` */
export function createHttpsFetch(agent?: Agent): FetchLike {
  let direct: HttpAgent | undefined;
  return (url, init) =>
    new Promise((resolve, reject) => {
      // With `NODE_USE_ENV_PROXY`, the global agent of `node:http` would send unencrypted requests to a proxy.
      const own = url.startsWith("https:")
        ? agent
        : direct ??= new (getBuiltin("node:http").Agent)({ keepAlive: true });
      send(own, url, init, resolve, reject, true);
    });
}

function send(
  agent: HttpAgent | undefined,
  url: string,
  init: FetchInit,
  resolve: (response: FetchResponse) => void,
  reject: (reason: unknown) => void,
  mayResend: boolean,
): void {
  const { method, headers, body, signal } = init;
  const { request } = url.startsWith("https:") ? getBuiltin("node:https") : getBuiltin("node:http");
  const outgoing = request(url, { agent, method, headers }, (incoming) => {
    resolve(toResponse(incoming, incoming));
  });
  // Without this listener, Node closes the connection and reports nothing.
  outgoing.on("upgrade", (incoming, socket) => {
    socket.destroy();
    resolve(toResponse(incoming, null));
  });
  // Not left to `request`: Deno's does not report an abort on a reused connection.
  const onAbort = () => {
    reject(signal!.reason);
    outgoing.destroy(signal!.reason);
  };
  signal?.addEventListener("abort", onAbort);
  outgoing.on("close", () => signal?.removeEventListener("abort", onAbort));
  let wasKept = false;
  let bytesBefore = 0;
  outgoing.on("socket", (socket) => {
    socket.unref();
    wasKept = outgoing.reusedSocket;
    bytesBefore = socket.bytesRead;
    // With this set, Deno would send the request again whenever the connection ends, even after an abort.
    outgoing.reusedSocket = false;
  });
  outgoing.on("error", (error: Error & { code?: string }) => {
    // The server closed a reused connection before it sent a single byte of the response.
    const isStale = wasKept && outgoing.socket?.bytesRead === bytesBefore && error.code === "ECONNRESET" &&
      !signal?.aborted;
    if (isStale && mayResend) send(agent, url, init, resolve, reject, false);
    else reject(error);
  });
  if (signal?.aborted) onAbort();
  else outgoing.end(body);
}

function toResponse(incoming: IncomingMessage, body: IncomingMessage | null): FetchResponse {
  return {
    status: incoming.statusCode ?? 0,
    headers: {
      get(name) {
        const value = incoming.headers[name.toLowerCase()];
        return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
      },
    },
    body,
  };
}
