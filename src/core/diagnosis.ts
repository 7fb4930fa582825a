/** Puts a failure into the user's words. */
import { decodeJwt } from "jose/jwt/decode";
import type { Config } from "./config.ts";
import { type AssertionClaims, AuthenticationError, CredentialUnavailableError } from "./errors.ts";
import type { Progress } from "./exchange_context.ts";
import type { Failure } from "./failure.ts";
import { mentions } from "./redaction.ts";
import type { TokenProxy } from "./token_proxy.ts";
import type { TokenRequest } from "./token_request.ts";

/** Credentials that have told of an ignored proxy: once is enough. */
const told = new WeakSet<Config>();

/** Makes the error that a caller sees: facts and words, no secret. */
export async function describeFailure(
  failure: Failure,
  config: Config,
  request: TokenRequest,
  progress: Progress,
  now: number,
): Promise<CredentialUnavailableError> {
  const { statusCode, errorResponse, retryAfterInMs, retryInMs = retryAfterInMs } = failure.facts;
  const assertion = decodeAssertion(progress.assertion);
  const cause = errorResponse
    ? new AuthenticationError(statusCode ?? 0, errorResponse)
    : withoutSecret(failure.facts.cause, progress.assertion);
  const message = [
    `${failure.reason}.`,
    failure.code === "certificate_refused" && config.tokenProxy && describeTrust(config.tokenProxy),
    errorResponse?.errorDescription,
    retryInMs && `Try again in ${Math.ceil(retryInMs / 1000)} s.`,
    await ignoredProxy(failure, config),
    `(tenant ${request.tenantId}, client ${request.clientId}, authority ${request.authority})`,
  ].filter(Boolean).join(" ");
  return new CredentialUnavailableError(
    message,
    failure.code,
    {
      authority: request.authority,
      tenantId: request.tenantId,
      clientId: request.clientId,
      ...(config.tokenFilePath && { tokenFilePath: config.tokenFilePath }),
      attempts: progress.attempts,
      elapsedInMs: Math.max(0, now - progress.startedAt),
      ...(retryInMs !== undefined && { retryAfterInMs: retryInMs }),
      ...(assertion && { assertion }),
    },
    cause === undefined ? undefined : { cause },
  );
}

async function ignoredProxy({ code }: Failure, config: Config): Promise<string | undefined> {
  if (told.has(config) || (code !== "network_failed" && code !== "timeout")) return undefined;
  const text = await config.describeIgnoredProxy?.(config.endpoint);
  if (text) told.add(config);
  return text;
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

function decodeAssertion(token: string): AssertionClaims | undefined {
  if (!token) return undefined;
  try {
    const { iss, sub, aud, iat, exp } = decodeJwt(token);
    return Object.freeze(JSON.parse(JSON.stringify({ iss, sub, aud, iat, exp })));
  } catch {
    return undefined; // It has three parts, but no readable claims: there is nothing to tell of them.
  }
}

/** An error that repeats the assertion is replaced by its name. */
function withoutSecret(cause: unknown, secret: string): unknown {
  if (!secret || !mentions(cause, secret)) return cause;
  const name = cause instanceof Error ? cause.name : "Error";
  return new Error(`${name}, whose text repeats the assertion and is left out`);
}
