import { Failure } from "../failure.ts";
import { lazy } from "../lazy.ts";
import { readText } from "./response_body.ts";
import type { Clock, FetchLike, FetchResponse } from "../contract/runtime.ts";
import type { buildTokenRequest } from "./token_request.ts";
import { parseObject, parseTokenResponse, type TokenResponse } from "./token_response.ts";

const failurePath = lazy(() => import("../failure/failure_path.ts"));

/**
 * Sends one token request and reads its answer whole.
 *
 * @throws {Failure}
 */
export async function sendTokenRequest(
  request: ReturnType<typeof buildTokenRequest>,
  assertion: string,
  fetch: FetchLike,
  clock: Clock,
  signal: AbortSignal,
): Promise<TokenResponse> {
  const { url, ...init } = request;
  let response: FetchResponse;
  let text: string;
  try {
    response = await fetch(url, { ...init, signal });
    if (!isAnswer(response)) {
      throw new Failure("response_invalid", "fetch gave no answer with a status and headers");
    }
    if (response.status === 0 || (response.status >= 300 && response.status < 400)) {
      throw refuseRedirect(response.status);
    }
    text = await readText(response);
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    throw (await failurePath()).describeNetworkFailure(error, url, assertion);
  }
  const { status, headers } = response;
  if (status >= 200 && status < 300) return parseTokenResponse(status, parseObject(text));
  const body = parseObject(text.replaceAll(assertion, "[assertion]"));
  throw (await failurePath()).describeRefusal(status, headers, body, clock.now());
}

/** A fetch of the caller's own may give anything. */
function isAnswer(response: Partial<FetchResponse> | undefined): boolean {
  return Number.isInteger(response?.status) && typeof response?.headers?.get === "function";
}

/** An assertion is for the authority alone: wherever a redirect leads, it is not sent there. */
function refuseRedirect(statusCode: number): Failure {
  return new Failure("redirect_refused", `the answer is a redirect (status ${statusCode})`, { statusCode });
}
