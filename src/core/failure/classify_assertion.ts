/** Failures to obtain an assertion. */
import { CredentialUnavailableError } from "../contract/errors.ts";
import { Failure, type UnusableAssertion } from "../failure.ts";
import { cleanCause } from "./clean_cause.ts";
import { classifyDeniedRead, innermostReason, isPermissionDenied, reasonOf } from "./classify_network.ts";

/** The end of the reason if the path is that of a directory. */
export const IS_DIRECTORY = " is a directory, not a file";

/**
 * Classifies the error of a token file that cannot be read, or of a `getAssertion` that failed.
 *
 * @param path empty for `getAssertion`
 */
export function classifyReadError(cause: unknown, path: string): Failure {
  if (!path) return classifySourceError(cause);
  if (isPermissionDenied(cause)) return classifyDeniedRead("token file", path, cause);
  const reason = /\bEISDIR\b|is a directory/i.test(innermostReason(cause))
    ? `The token file path ${path}${IS_DIRECTORY}`
    : `The token file ${path} cannot be read: ${reasonOf(cause)}`;
  return new Failure("token_file_unreadable", reason, { cause });
}

/** Keeps the code and the details of the error of a source that is itself a credential. */
function classifySourceError(cause: unknown): Failure {
  // The message that contains it ends with a period.
  const reason = reasonOf(cause).replace(/\.$/gm, "");
  // A copy, because the error is the caller's own: it may contain tokens, and its getters may throw.
  const copy = cleanCause(cause, "");
  if (!(copy instanceof CredentialUnavailableError) || copy.code === "assertion_callback_failed") {
    return new Failure("assertion_callback_failed", `getAssertion failed: ${reason}`, { cause });
  }
  const { code, details } = copy;
  const firstLine = reason.split("\n")[0]!;
  const { clientId } = details;
  if (clientId === undefined) return new Failure(code, firstLine, { cause });
  const request = `The token request for the assertion failed (client ${clientId})`;
  return new Failure(code, `${request}: ${firstLine}`, { cause, assertionRequest: details });
}

/**
 * Classifies a text that is not an assertion.
 *
 * @param path empty for `getAssertion`
 */
export function classifyUnusableAssertion({ problem }: UnusableAssertion, path: string): Failure {
  if (!path) {
    return new Failure(
      "assertion_callback_failed",
      "getAssertion did not return a JWT in compact serialization",
    );
  }
  const [code, what] = ({
    too_large: ["token_file_too_large", "is larger than 64 KiB"],
    empty: ["token_file_empty", "is empty"],
    not_a_jwt: ["token_file_not_a_jwt", "does not contain a JWT in compact serialization"],
  } as const)[problem];
  return new Failure(code, `The token file ${path} ${what}`);
}
