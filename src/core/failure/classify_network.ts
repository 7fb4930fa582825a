/** Errors of `fetch`, across Deno, Bun and Node. */
import { Failure } from "../failure.ts";
import { withoutTokens } from "../redaction.ts";

const REJECTED_CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|certificate|ERR_TLS_|HOSTNAME_MISMATCH|UnknownIssuer/;

/** Matches an unknown host name in the messages of each runtime and system, but not a DNS server that does not respond. */
const UNKNOWN_HOST =
  /ENOTFOUND|EAI_NONAME|Name or service not known|Name does not resolve|nodename nor servname provided|No such host is known/;

/** Returns an error's message without anything that looks like a token or a certificate. */
export function reasonOf(error: unknown): string {
  return withoutTokens(messageOf(error) || "unknown reason");
}

/** Returns an error's message, or an empty text if it has none. */
function messageOf(error: unknown): string {
  try {
    const message: unknown = error instanceof Error ? error.message : undefined;
    return typeof message === "string" ? message : "";
  } catch {
    return ""; // A getter that throws.
  }
}

/** Returns whether Deno denied a permission. The name does not occur on other runtimes. */
export function isPermissionDenied(error: unknown): boolean {
  return error instanceof Error && error.name === "NotCapable";
}

/** Classifies the error of a file that Deno denied to read. */
export function classifyDeniedRead(file: string, path: string, cause: unknown): Failure {
  const reason = `Read access to the ${file} ${path} was denied: grant it with --allow-read=${path}`;
  return new Failure("permission_denied", reason, { cause });
}

/**
 * Classifies an error of `fetch`, of any runtime.
 *
 * @param secret the assertion, which the reason must not contain
 */
export function classifyNetworkError(error: unknown, url: string, secret?: string): Failure {
  const host = new URL(url).host;
  if (isPermissionDenied(error)) {
    const reason = messageOf(error).includes("--allow-net")
      ? `Network access to ${host} was denied: grant it with --allow-net=${host}`
      : `A permission was denied: ${reasonOf(error)}`;
    return new Failure("permission_denied", reason, { cause: error });
  }
  const innermost = innermostReason(error);
  const reason = withoutTokens(secret ? innermost.replaceAll(secret, "[assertion]") : innermost);
  if (REJECTED_CERTIFICATE.test(reason)) {
    return new Failure("certificate_refused", `The certificate of ${host} is not trusted: ${reason}`, {
      cause: error,
    });
  }
  return new Failure("network_failed", `Cannot connect to ${host}: ${reason}`, {
    cause: error,
    isUnknownHost: UNKNOWN_HOST.test(reason),
  });
}

/** Returns code and message of the innermost cause, which has the actual reason on every runtime. */
export function innermostReason(error: unknown): string {
  let reason = "unknown reason";
  try {
    for (let depth = 0; error instanceof Error && depth < 5; depth++) {
      const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
      const message = messageOf(error);
      reason = code && message && !message.includes(code) ? `${code}: ${message}` : message || code || reason;
      error = error.cause;
    }
  } catch { /* A getter or the trap of a proxy. */ }
  return reason;
}
