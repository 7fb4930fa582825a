/** A fetch for runtimes that send http through a proxy: an unencrypted assertion must not leave the machine. */
import type { FetchLike } from "../../core/contract/runtime.ts";

const VARIABLES = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/**
 * Creates a fetch that sends http without a proxy, and everything else with the runtime's own fetch.
 *
 * @param fetchDirectly sends without a proxy
 */
export function createLoopbackFetch(
  env: (name: string) => string | undefined,
  fetchDirectly: FetchLike,
): FetchLike {
  return (url, init) =>
    url.startsWith("http:") && VARIABLES.some(env) ? fetchDirectly(url, init) : fetch(url, init);
}
