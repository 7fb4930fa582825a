import { CredentialUnavailableError } from "../core/contract/errors.ts";
import type { AssertionContext } from "../core/contract/options.ts";

/** Creates the error of a source that cannot obtain an assertion. A credential makes it the cause of its own error. */
export function unavailable(message: string): CredentialUnavailableError {
  return new CredentialUnavailableError(message, "assertion_callback_failed");
}

/**
 * Returns the value of a variable.
 *
 * @throws {CredentialUnavailableError} assertion_callback_failed: it is not set
 */
export function requireVariable(
  name: string,
  { env, runtimeName }: Pick<AssertionContext, "env" | "runtimeName">,
  hint: string,
): string {
  const value = env(name)?.trim();
  if (value) return value;
  const deno = runtimeName === "deno" ? ` Deno reads it only with --allow-env=${name}.` : "";
  throw unavailable(`${name} is not set. ${hint}${deno}`);
}
