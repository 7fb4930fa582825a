/** Whether and how a request can be sent a second time. */

/** What `fetch` takes first. */
export type FetchInput = string | URL | Request;

/** What `fetch` is called with. */
export type FetchArguments = readonly [input: FetchInput, init: RequestInit | undefined];

/** Returns what to send the second time; undefined where the body is a stream, which can be read only once. */
export function prepareReplay(input: FetchInput, init: RequestInit | undefined): FetchArguments | undefined {
  const body = init?.body;
  if (body !== undefined && body !== null) return isReplayable(body) ? [input, init] : undefined;
  return typeof input === "object" && "body" in input && input.body ? [input.clone(), init] : [input, init];
}

function isReplayable(body: unknown): boolean {
  return typeof body === "string" || body instanceof ArrayBuffer || ArrayBuffer.isView(body) ||
    body instanceof Blob || body instanceof FormData || body instanceof URLSearchParams;
}

/**
 * The server wants another token, and the request's body was a stream, so that it cannot be sent again from here. The
 * credential has that token by now: send the request anew, with a new stream.
 */
export class BodyNotReplayableError extends Error {
  /** The class by its name, which survives two copies of a package. */
  override readonly name: string = "BodyNotReplayableError";
  /** Stable, for code. */
  readonly code = "body_not_replayable";
  /** The answer with status 401, unread. */
  readonly response!: Response;

  /** Made by the authorised fetch. */
  constructor(response: Response) {
    super(
      "The server asked for another token (status 401), which the credential has by now; the body is a stream and " +
        "cannot be sent again from here. Send the request anew, or give the body as text, bytes, Blob or FormData.",
    );
    Object.defineProperty(this, "response", { value: response, enumerable: false });
  }
}
