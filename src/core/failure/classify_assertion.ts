/** Why there is no assertion to send. */
import { Failure } from "../failure.ts";
import { isPermissionDenied, messageOf } from "./classify_network.ts";
import { withoutTokens } from "../redaction.ts";

/**
 * Describes a token file that cannot be read, or a `getAssertion` that failed.
 *
 * @param path empty for `getAssertion`
 */
export function describeReadFailure(cause: unknown, path: string): Failure {
  const reason = withoutTokens(messageOf(cause) || "unknown reason");
  if (!path) return new Failure("assertion_callback_failed", `getAssertion failed: ${reason}`, { cause });
  if (isPermissionDenied(cause)) {
    return new Failure(
      "permission_denied",
      `the token file ${path} may not be read; on Deno, grant it with --allow-read=${path}`,
      { cause },
    );
  }
  return new Failure("token_file_unreadable", `the token file ${path} cannot be read: ${reason}`, { cause });
}

/**
 * Describes what was read in place of a JWT.
 *
 * @param path empty for `getAssertion`
 */
export function describeUnusable(text: unknown, path: string, isTooLarge: boolean): Failure {
  if (!path) {
    return new Failure("assertion_callback_failed", "getAssertion did not give a JWT in compact form");
  }
  if (isTooLarge) return new Failure("token_file_too_large", `the token file ${path} is larger than 64 KiB`);
  if (text === "") return new Failure("token_file_empty", `the token file ${path} is empty`);
  return new Failure(
    "token_file_not_a_jwt",
    `the token file ${path} does not hold a JWT in compact form`,
  );
}
