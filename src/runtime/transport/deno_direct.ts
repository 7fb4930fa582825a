/** Deno's fetch past the proxy that the environment names: with the server itself as its proxy. */
import type { FetchLike } from "../../core/contract/runtime.ts";

declare const Deno: { createHttpClient(options: { proxy: { url: string } }): unknown };

const clients = new Map<string, unknown>();

/** Sends to the very host and port of the address. Nothing else of Deno's, `node:http` included, passes a proxy by. */
export const fetchDirectly: FetchLike = (url, init) => {
  const { origin } = new URL(url);
  const client = clients.get(origin) ?? Deno.createHttpClient({ proxy: { url: origin } });
  clients.set(origin, client);
  return fetch(url, { ...init, client } as RequestInit);
};
