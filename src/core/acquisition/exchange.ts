import { createAccessToken } from "./access_token.ts";
import { readAssertion } from "./assertion.ts";
import { withDeadline } from "./deadline.ts";
import type { ExchangeContext, HeldBack } from "./exchange_state.ts";
import { Failure } from "../failure.ts";
import { lazy } from "../lazy.ts";
import { sendTokenRequest } from "./token_endpoint.ts";
import type { AccessToken } from "../contract/token_credential.ts";
import { buildTokenRequest, createRequestId } from "./token_request.ts";

const failurePath = lazy(() => import("../failure/failure_path.ts"));

/**
 * Trades an assertion for a token, with as many attempts as the rules and the callers' patience allow.
 *
 * @throws {Failure}
 */
export async function exchange(context: ExchangeContext, heldBack?: HeldBack): Promise<AccessToken> {
  if (heldBack) await (await failurePath()).wait(context, heldBack.failure, heldBack.delayInMs);
  context.progress.assertion = await readAssertion(context);
  while (true) {
    try {
      return await attempt(context);
    } catch (failure) {
      if (!(failure instanceof Failure) || context.audience.signal.aborted) throw failure;
      await (await failurePath()).recover(context, failure, readAssertion);
    }
  }
}

async function attempt(context: ExchangeContext): Promise<AccessToken> {
  const { config, clock, progress, random, audience } = context;
  progress.correlationId = createRequestId(random);
  progress.attempts++;
  const request = buildTokenRequest(context.request, progress.assertion, progress.correlationId);
  const sentAt = clock.now();
  const response = await withDeadline(
    clock,
    config.requestTimeoutInMs,
    audience.signal,
    "the answer",
    (signal) => sendTokenRequest(request, progress.assertion, config.fetch, clock, signal),
  );
  if (sentAt + response.expiresInMs <= clock.now()) {
    throw new Failure("timeout", "the answer came when its token had already expired");
  }
  return createAccessToken(response, Math.min(sentAt, clock.now()), random());
}
