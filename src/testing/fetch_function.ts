/** The signature of the global `fetch`: fits every `fetch` option, this package's and others'. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A request as a server sees it. */
export interface IncomingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** Creates a `fetch` that calls a function instead of the network. */
export function createFetch(handle: (request: IncomingRequest) => Promise<Response>): FetchFunction {
  return (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : new AbortController().signal);
    return unlessAborted(signal, async () => {
      const request = new Request(input, { ...init, signal: null });
      return await handle({
        method: request.method,
        url: new URL(request.url),
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
        signal,
      });
    });
  };
}

/** Rejects as soon as the signal aborts, without waiting for the response. */
async function unlessAborted<T>(signal: AbortSignal, handle: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([handle(), aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
