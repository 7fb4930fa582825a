/** Access to the control API: for programs on this machine, not for web pages. */
import { isLoopback } from "../../core/settings/authority.ts";
import type { IncomingRequest } from "../fetch_function.ts";
import { problemResponse } from "./problem.ts";

/** Access in addition to requests without a token to a loopback address. */
export interface ControlAccess {
  /** Host names that requests may address, in addition to loopback. @default none */
  readonly allowedHosts?: readonly string[];
  /** The bearer token that every request must have, except those to `healthz`. @default none */
  readonly token?: string;
}

const LARGEST_BODY_IN_BYTES = 64 * 1024;

/**
 * Returns the error response for a request that is not allowed. A page of a foreign site can reach a loopback address
 * under its own host name (DNS rebinding), or without reading the response. Such requests have an `Origin`, another
 * `Host` or a `Sec-Fetch-Site`.
 */
export function checkOrigin(
  { headers }: IncomingRequest,
  { allowedHosts = [] }: ControlAccess,
): Response | undefined {
  const host = `http://${headers.host ?? ""}`;
  const hostname = URL.canParse(host) ? new URL(host).hostname : "";
  if (!isLoopback(hostname) && !allowedHosts.some((allowed) => allowed.toLowerCase() === hostname)) {
    return problemResponse(403, `The host "${hostname}" is not allowed. Add it with --allowed-host.`);
  }
  const site = headers["sec-fetch-site"];
  if (headers.origin !== undefined || (site !== undefined && site !== "none")) {
    return problemResponse(403, "Requests from web pages are not allowed.");
  }
  return undefined;
}

/** Returns whether a request has the token, if one is required. */
export async function hasToken({ headers }: IncomingRequest, { token }: ControlAccess): Promise<boolean> {
  if (token === undefined) return true;
  const presented = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  const [expected, actual] = await Promise.all([digest(token), digest(presented)]);
  return expected === actual;
}

/** Returns the error response of a write whose body is not JSON, or too large. */
export function checkBody({ headers, body }: IncomingRequest): Response | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    return problemResponse(415, "The content type must be application/json.");
  }
  if (new TextEncoder().encode(body).length > LARGEST_BODY_IN_BYTES) {
    return problemResponse(413, "The body is larger than 64 KiB.");
  }
  return undefined;
}

/** Returns a digest to compare instead of the token, so that the duration of the comparison reveals nothing about it. */
async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).join();
}
