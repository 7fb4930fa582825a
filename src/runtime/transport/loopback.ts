/** Fetch for runtimes that send http through a proxy: an assertion in clear text must stay on loopback. */
import type { FetchLike } from "../../core/contract/runtime.ts";

const VARIABLES = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/**
 * Sends http without the proxy that the environment names, and everything else with the runtime's own fetch.
 *
 * @param fetchDirectly sends past any proxy
 */
export function createLoopbackFetch(
  env: (name: string) => string | undefined,
  fetchDirectly: FetchLike,
): FetchLike {
  return (url, init) =>
    url.startsWith("http:") && VARIABLES.some(env) ? fetchDirectly(url, init) : fetch(url, init);
}
