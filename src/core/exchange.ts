import { readAssertion } from "./assertion.ts";
import { withDeadline } from "./clock.ts";
import type { Config } from "./config.ts";
import { Failure } from "./failure.ts";
import { blamesAssertion, retryDelay } from "./retry_policy.ts";
import type { Clock, Runtime } from "./runtime.ts";
import { sendTokenRequest } from "./token_endpoint.ts";
import { buildTokenRequest, createRequestId, type TokenRequest } from "./token_request.ts";
import type { TokenResponse } from "./token_response.ts";

/** What an exchange goes by. */
export interface ExchangeContext {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly random: () => number;
  readonly request: TokenRequest;
  /** Whether this credential has ever been given a token. */
  readonly succeededBefore: boolean;
  readonly progress: Progress;
}

/** How far an exchange has come; a failure is explained by it. */
export interface Progress {
  readonly startedAt: number;
  attempts: number;
  assertion: string;
}

/** Who waits for the exchange. */
interface Audience {
  readonly signal: AbortSignal;
  /** @throws {Failure} nobody stays for so long */
  pause(delayInMs: number, failure: Failure): Promise<void>;
}

/**
 * Trades an assertion for a token, with as many attempts as the rules and the callers' patience allow.
 *
 * @param heldBack an earlier answer that said when to come back, and how long that still is
 * @throws {Failure}
 */
export async function exchange(
  context: ExchangeContext,
  audience: Audience,
  heldBack?: { readonly failure: Failure; readonly delayInMs: number },
): Promise<TokenResponse & { readonly sentAt: number }> {
  const { config, progress, random } = context;
  const wait = async (delayInMs: number, failure: Failure) => {
    if (delayInMs > config.retry.maxRetryDelayInMs) throw failure.deferred(delayInMs);
    await audience.pause(delayInMs, failure);
  };
  if (heldBack) await wait(heldBack.delayInMs, heldBack.failure);
  progress.assertion = await read(context, audience.signal);
  let mayReadAgain = true;
  for (let retries = 0;;) {
    try {
      return await attempt(context, audience.signal);
    } catch (failure) {
      if (!(failure instanceof Failure) || audience.signal.aborted) throw failure;
      if (mayReadAgain && blamesAssertion(failure)) {
        mayReadAgain = false;
        // Where it cannot be read again, Entra's refusal says more.
        const again = await read(context, audience.signal).catch(() => progress.assertion);
        if (again !== progress.assertion) {
          progress.assertion = again;
          continue;
        }
      }
      const delayInMs = retryDelay(failure, retries++, config.retry, context.succeededBefore, random());
      if (delayInMs === undefined) throw failure;
      await wait(delayInMs, failure);
    }
  }
}

function read({ config, runtime, clock, request }: ExchangeContext, parent: AbortSignal): Promise<string> {
  const { tenantId, clientId, authority } = request;
  return withDeadline(
    clock,
    config.requestTimeoutInMs,
    parent,
    "reading the assertion",
    (signal) => readAssertion(config, { tenantId, clientId, authority, signal, runtime }),
  );
}

async function attempt(
  context: ExchangeContext,
  parent: AbortSignal,
): Promise<TokenResponse & { sentAt: number }> {
  const { config, clock, progress, random } = context;
  const request = buildTokenRequest(context.request, progress.assertion, createRequestId(random));
  progress.attempts++;
  const sentAt = clock.now();
  const response = await withDeadline(
    clock,
    config.requestTimeoutInMs,
    parent,
    "the answer",
    (signal) => sendTokenRequest(request, progress.assertion, config.fetch, clock, signal),
  );
  if (sentAt + response.expiresInMs <= clock.now()) {
    throw new Failure("timeout", "the answer came when its token had already expired");
  }
  return { ...response, sentAt: Math.min(sentAt, clock.now()) };
}
