/** Where the token endpoint is. */

/** Returns an authority without its trailing slashes, or an object with the reason why it is none. */
export function parseAuthority(text: unknown): string | { readonly problem: string } {
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
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return { problem: "it must be https, or http to a loopback address" };
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** Whether a URL's hostname is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
