/**
 * Error for a response with status 401 to a request whose body is a stream, which cannot be sent a second time. The
 * credential already has a new token: repeat the request with a new stream.
 */
export class BodyNotReplayableError extends Error {
  /** The name of the class, for comparison across copies of this package. */
  override readonly name: string = "BodyNotReplayableError";
  /** Code for programs; it does not change. */
  readonly code = "body_not_replayable";
  /** The response with status 401, unread. */
  readonly response!: Response;

  /** Creates the error; the authorised fetch does so. */
  constructor(response: Response) {
    super(
      "The server rejected the token (status 401), and the request's body is a stream that cannot be sent a second " +
        "time. The credential has a new token now: repeat the request with a new stream, or pass the body as text, " +
        "bytes, Blob or FormData.",
    );
    Object.defineProperty(this, "response", { value: response, enumerable: false });
  }
}
