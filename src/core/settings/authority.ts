/** The address of the token endpoint. */

/** The problem of an invalid URL, as a phrase that follows the setting's name. */
export interface Problem {
  readonly problem: string;
}

/** Returns an authority without its trailing slashes, or the problem with it. */
export function parseAuthority(text: unknown): string | Problem {
  return parseBaseUrl(text, true);
}

/** Returns an https URL without its trailing slashes; with `allowsLoopback`, also an http URL of this machine. */
export function parseBaseUrl(text: unknown, allowsLoopback: boolean): string | Problem {
  let url: URL;
  try {
    url = new URL(text as string);
  } catch {
    return { problem: "is not an absolute URL" };
  }
  if (url.username || url.password) return { problem: "must not contain user information" };
  if (url.search || url.hash || /[?#]/.test(text as string)) {
    return { problem: "must not contain a query or a fragment" };
  }
  if (
    url.protocol !== "https:" && !(allowsLoopback && url.protocol === "http:" && isLoopback(url.hostname))
  ) {
    return { problem: `must be an https URL${allowsLoopback ? ", or http to a loopback address" : ""}` };
  }
  return url.origin + withoutTrailingSlashes(url.pathname);
}

/** Removes trailing slashes in linear time, unlike the pattern `/\/+$/`. */
function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") end--;
  return path.slice(0, end);
}

/** Returns whether a URL's hostname is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
