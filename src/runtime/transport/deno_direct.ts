/** Deno's fetch without the proxy of the environment: it uses the server itself as its proxy. */
import type { FetchLike } from "../../core/contract/runtime.ts";

declare const Deno: { createHttpClient(options: { proxy: { url: string } }): unknown };

const clients = new Map<string, unknown>();

/** Sends a request directly to the URL's host and port. Deno has no other client that ignores the proxy, not even `node:http`. */
export const fetchDirectly: FetchLike = (url, init) => {
  const { origin } = new URL(url);
  const client = clients.get(origin) ?? Deno.createHttpClient({ proxy: { url: origin } });
  clients.set(origin, client);
  return fetch(url, { ...init, client } as RequestInit);
};
