/** Deno's fetch without the proxy that the environment names: the server itself is the proxy. */
import type { FetchLike } from "../../core/contract/runtime.ts";

declare const Deno: { createHttpClient(options: { proxy: { url: string } }): unknown };

const clients = new Map<string, unknown>();

/** Sends to the host and port of the URL. No other client of Deno, `node:http` included, ignores the proxy. */
export const fetchDirectly: FetchLike = (url, init) => {
  const { origin } = new URL(url);
  const client = clients.get(origin) ?? Deno.createHttpClient({ proxy: { url: origin } });
  clients.set(origin, client);
  return fetch(url, { ...init, client } as RequestInit);
};
