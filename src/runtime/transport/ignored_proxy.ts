/** Detects a proxy that the environment names and that Node does not use. */
import { getBuiltin } from "./builtin.ts";

/** Describes a proxy variable that Node does not use, with the fix. Returns undefined if there is none. */
export function describeIgnoredProxy(url: string): string | undefined {
  const { env, version } = getBuiltin("node:process");
  const variable = ["https_proxy", "HTTPS_PROXY"].find((name) => env[name]);
  if (!variable || isExempt(new URL(url), env.no_proxy || env.NO_PROXY || "")) return undefined;
  const { Agent, globalAgent } = getBuiltin("node:https");
  const options = globalAgent.options as { proxyEnv?: unknown };
  // A global agent that the program has replaced may use the proxy.
  if (options.proxyEnv || globalAgent.constructor !== Agent) return undefined;
  const remedy = "proxyEnv" in options ? "Set NODE_USE_ENV_PROXY=1" : "Pass the option fetch";
  return `${variable} is set, but Node ${version} does not use it. ${remedy}.`;
}

/** Returns whether `NO_PROXY` names a host, by Node's rules: a name, `.suffix`, `*.suffix`, each with or without a port, or `*`. */
export function isExempt({ hostname, port }: URL, noProxy: string): boolean {
  const ownPort = port || "443";
  return noProxy.toLowerCase().split(/[\s,]+/).some((entry) => {
    const [, name = "", entryPort = ownPort] = /^(.*?)(?::(\d+))?$/.exec(entry)!;
    if (entryPort !== ownPort) return false;
    const suffix = name.replace(/^\*(?=\.)/, "");
    return name === "*" || name === hostname || (suffix.startsWith(".") && hostname.endsWith(suffix));
  });
}
