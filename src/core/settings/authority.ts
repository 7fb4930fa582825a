/** Where the token endpoint is. */

/** Why a text is not the URL that it should be. */
export interface Problem {
  readonly problem: string;
}

/** Returns an authority without its trailing slashes, or the reason why it is none. */
export function parseAuthority(text: unknown): string | Problem {
  return parseBaseUrl(text, true);
}

/** Returns an https URL without its trailing slashes; where `allowsLoopback`, http to this machine will do. */
export function parseBaseUrl(text: unknown, allowsLoopback: boolean): string | Problem {
  let url: URL;
  try {
    url = new URL(text as string);
  } catch {
    return { problem: "it is not an absolute URL" };
  }
  if (url.username || url.password) return { problem: "it holds user information" };
  if (url.search || url.hash || /[?#]/.test(text as string)) {
    return { problem: "it holds a query or a fragment" };
  }
  if (
    url.protocol !== "https:" && !(allowsLoopback && url.protocol === "http:" && isLoopback(url.hostname))
  ) {
    return { problem: `it must be https${allowsLoopback ? ", or http to a loopback address" : ""}` };
  }
  return url.origin + withoutTrailingSlashes(url.pathname);
}

/** In linear time, which no runtime's `/\/+$/` takes. */
function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") end--;
  return path.slice(0, end);
}

/** Whether a URL's hostname is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
