/** Fetch for runtimes whose own takes http to a proxy: an assertion in clear is for loopback alone. */
import { lazy } from "../../core/lazy.ts";
import type { FetchLike } from "../../core/contract/runtime.ts";

const VARIABLES = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/**
 * Sends http past the proxy that the environment names, and everything else by the runtime's own fetch.
 *
 * @param load what sends past a proxy
 */
export function createLoopbackFetch(
  env: (name: string) => string | undefined,
  load: () => Promise<FetchLike>,
): FetchLike {
  const direct = lazy(load);
  return (url, init) =>
    url.startsWith("http:") && VARIABLES.some(env)
      ? direct().then((send) => send(url, init))
      : fetch(url, init);
}
