/** A `FetchLike` over `node:https`. It follows no redirect, and its sockets keep no process alive. */
import type { Agent } from "node:https";
import type { FetchInit, FetchLike, FetchResponse } from "../core/runtime.ts";
import { getBuiltin } from "./builtin.ts";

/** @param agent by default the global one, which keeps connections and is the one that Node's proxy switch reaches */
export function createHttpsFetch(agent?: Agent): FetchLike {
  return (url, init) => new Promise((resolve, reject) => send(agent, url, init, resolve, reject, true));
}

function send(
  agent: Agent | undefined,
  url: string,
  { method, headers, body, signal }: FetchInit,
  resolve: (response: FetchResponse) => void,
  reject: (reason: unknown) => void,
  mayResend: boolean,
): void {
  const { request } = url.startsWith("https:") ? getBuiltin("node:https") : getBuiltin("node:http");
  const outgoing = request(url, { agent, method, headers, ...(signal && { signal }) }, (incoming) => {
    resolve({
      status: incoming.statusCode ?? 0,
      headers: {
        get(name) {
          const value = incoming.headers[name.toLowerCase()];
          return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
        },
      },
      body: incoming,
    });
  });
  outgoing.on("socket", (socket) => socket.unref());
  outgoing.on("error", (error: Error & { code?: string }) => {
    // The server closed a kept connection at the very moment it was used again: nothing was answered on it.
    if (mayResend && outgoing.reusedSocket && error.code === "ECONNRESET" && !signal?.aborted) {
      send(
        agent,
        url,
        { method, headers, ...(body !== undefined && { body }), ...(signal && { signal }) },
        resolve,
        reject,
        false,
      );
    } else {
      reject(error);
    }
  });
  outgoing.end(body);
}
