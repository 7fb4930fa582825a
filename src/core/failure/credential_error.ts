/** Puts a failure into the user's words. */
import type { Config } from "../settings/config.ts";
import { diagnose } from "../diagnosis/mod.ts";
import { AuthenticationError, CredentialUnavailableError } from "../contract/errors.ts";
import { decodeAssertion, type Evidence } from "../diagnosis/context.ts";
import type { Progress } from "../acquisition/exchange_state.ts";
import type { Failure, FailureFacts } from "../failure.ts";
import { composeMessage } from "./message.ts";
import { mentions } from "../redaction.ts";
import type { Runtime } from "../contract/runtime.ts";
import type { TokenProxy } from "../settings/identity_binding.ts";
import type { TokenRequest } from "../acquisition/token_request.ts";

/** Credentials that have told of an ignored proxy: once is enough. */
const told = new WeakSet<Config>();

/** Makes the error that a caller sees: facts and words, no secret. */
export async function describeFailure(
  failure: Failure,
  config: Config,
  request: TokenRequest,
  progress: Progress,
  now: number,
  runtime: Runtime,
): Promise<CredentialUnavailableError> {
  const { code, facts } = failure;
  const { statusCode, errorResponse, retryAfterInMs, retryInMs = retryAfterInMs } = facts;
  const { authority, tenantId, clientId, scopes } = request;
  const { tokenFilePath, tokenProxy } = config;
  const assertion = decodeAssertion(progress.assertion);
  const clockSkewInMs = measureSkew(facts);
  const correlationId = errorResponse?.correlationId ?? progress.correlationId;
  const evidence: Evidence = {
    authority,
    tenantId,
    clientId,
    scopes,
    tokenFilePath,
    usesTokenProxy: tokenProxy !== undefined,
    assertion,
    now,
    clockSkewInMs,
    env: (name) => runtime.env(name),
  };
  const special = code === "certificate_refused" && tokenProxy
    ? describeTrust(tokenProxy)
    : await ignoredProxy(failure, config);
  const diagnosis = diagnose(code, errorResponse?.errorCodes?.[0], evidence, special);
  const cause = errorResponse
    ? new AuthenticationError(statusCode ?? 0, errorResponse)
    : withoutSecret(facts.cause, progress.assertion);
  return new CredentialUnavailableError(
    composeMessage(failure, evidence, diagnosis, correlationId, retryInMs),
    code,
    {
      authority,
      tenantId,
      clientId,
      ...(tokenFilePath && { tokenFilePath }),
      attempts: progress.attempts,
      elapsedInMs: Math.max(0, now - progress.startedAt),
      ...(retryInMs !== undefined && { retryAfterInMs: retryInMs }),
      failedAt: now,
      ...(statusCode !== undefined && { statusCode }),
      ...(errorResponse?.errorCodes && { errorCodes: errorResponse.errorCodes }),
      ...(correlationId && { correlationId }),
      ...(clockSkewInMs !== undefined && { clockSkewInMs }),
      ...(assertion && { assertion }),
      diagnosis,
    },
    cause === undefined ? undefined : { cause },
  );
}

async function ignoredProxy({ code }: Failure, config: Config): Promise<string | undefined> {
  if (told.has(config) || (code !== "network_failed" && code !== "timeout")) return undefined;
  const text = await config.describeIgnoredProxy?.(config.endpoint);
  if (text) {
    told.add(config);
    config.events.emit?.({ type: "proxy_ignored", explanation: text });
  }
  return text;
}

/** How far this machine's clock is ahead of Entra's: a refusal tells Entra's time, and so does an answer's `Date`. */
function measureSkew({ errorResponse, serverTime, receivedAt }: FailureFacts): number | undefined {
  const text = /Current time: ([\d-]+T[\d:]+)/.exec(errorResponse?.errorDescription ?? "")?.[1];
  const time = Date.parse(`${text}Z`) || serverTime;
  return time === undefined || receivedAt === undefined ? undefined : receivedAt - time;
}

/** What the certificate of a token proxy is held against. */
function describeTrust({ url, serverName, caFile, caData }: TokenProxy): string {
  const name = serverName
    ? `${serverName} (AZURE_KUBERNETES_SNI_NAME)`
    : `${new URL(url).hostname} (AZURE_KUBERNETES_SNI_NAME is not set)`;
  const ca = caFile
    ? `a CA in ${caFile} (AZURE_KUBERNETES_CA_FILE)`
    : caData
    ? "a CA in AZURE_KUBERNETES_CA_DATA"
    : "a CA of the system (neither AZURE_KUBERNETES_CA_FILE nor AZURE_KUBERNETES_CA_DATA is set)";
  return `The certificate must be valid, name ${name} and come from ${ca}.`;
}

/** An error that repeats the assertion, or holds what looks like one, is replaced by its name. */
function withoutSecret(cause: unknown, secret: string): unknown {
  if (!mentions(cause, secret)) return cause;
  const name = cause instanceof Error ? cause.name : "Error";
  return new Error(`${name}, which holds a token and is left out`);
}
