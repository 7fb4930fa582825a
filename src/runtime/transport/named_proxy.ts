/** Adds the proxy to the error of a request that was sent through it, because runtimes name only the target. */
import type { FetchLike } from "../../core/contract/runtime.ts";
import { innermostReason, isPermissionDenied } from "../../core/failure/classify_network.ts";

type Environment = (name: string) => string | undefined;

/** Wraps the fetch of a runtime that uses `HTTPS_PROXY`. */
export function createProxyNamingFetch(env: Environment, fetch: FetchLike): FetchLike {
  return async (url, init) => {
    try {
      return await fetch(url, init);
    } catch (error) {
      const proxy = init.signal?.aborted || isPermissionDenied(error) ? undefined : proxyOf(url, env);
      if (proxy === undefined) throw error;
      const { code } = error as { code?: unknown };
      const message = `${innermostReason(error)}, through the proxy ${proxy}`;
      throw Object.assign(new TypeError(message), typeof code === "string" ? { code } : {});
    }
  };
}

/** Returns the proxy of a URL without its password, and its variable. */
function proxyOf(url: string, env: Environment): string | undefined {
  const { protocol, hostname } = new URL(url);
  const variable = ["https_proxy", "HTTPS_PROXY"].find(env);
  if (protocol !== "https:" || variable === undefined) return undefined;
  const exempt = (env("no_proxy") || env("NO_PROXY") || "").toLowerCase().split(/[\s,]+/).filter(Boolean)
    .map((entry) => entry.replace(/^\*?\.?/, "").replace(/:\d+$/, ""));
  if (exempt.some((name) => name === "" || name === hostname || hostname.endsWith(`.${name}`))) {
    return undefined;
  }
  const proxy = env(variable)!;
  return `${URL.canParse(proxy) ? new URL(proxy).host : "(invalid URL)"} of ${variable}`;
}
