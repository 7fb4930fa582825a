/**
 * The server requires another token, and the request's body was a stream, which cannot be sent a second time. The
 * credential has the new token by now: repeat the request with a new stream.
 */
export class BodyNotReplayableError extends Error {
  /** The name of the class, by which two copies of a package recognise it. */
  override readonly name: string = "BodyNotReplayableError";
  /** Stable, for code. */
  readonly code = "body_not_replayable";
  /** The response with status 401, unread. */
  readonly response!: Response;

  /** Created by the authorised fetch. */
  constructor(response: Response) {
    super(
      "The server rejected the token (status 401), and the request's body is a stream that cannot be sent a second " +
        "time. The credential has a new token now: repeat the request with a new stream, or pass the body as text, " +
        "bytes, Blob or FormData.",
    );
    Object.defineProperty(this, "response", { value: response, enumerable: false });
  }
}
