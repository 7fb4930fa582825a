/** Copies an error for use as a `cause`, without the secrets that it may contain. */
import { AuthenticationError, CredentialUnavailableError, type ErrorCode } from "../contract/errors.ts";
import { type JsonObject, parseJsonObject } from "../json.ts";
import { withoutSecrets } from "../redaction.ts";

const DEEPEST_CAUSE = 5;

/**
 * Returns a copy of a thrown value: name, code, message, stack and cause of an error, and the details of this package's own
 * errors as plain data. Anything else is omitted, because it may contain a secret; so is a proxy whose trap throws.
 *
 * @param secret the assertion; empty if there is none
 */
export function cleanCause(thrown: unknown, secret: string, depth = 0): Error | undefined {
  if (thrown === undefined || depth > DEEPEST_CAUSE) return undefined;
  try {
    return copyError(thrown, secret, depth);
  } catch {
    return undefined;
  }
}

function copyError(thrown: unknown, secret: string, depth: number): Error {
  const clean = (value: unknown) => typeof value === "string" ? withoutSecrets(value, secret) : undefined;
  const message = clean(typeof thrown === "string" ? thrown : read(thrown, "message")) ?? "";
  const cause = cleanCause(read(thrown, "cause"), secret, depth + 1);
  const options = cause && { cause };
  let copy: Error;
  if (thrown instanceof CredentialUnavailableError) {
    const code = clean(read(thrown, "code")) as ErrorCode | undefined;
    const details = cleanData(read(thrown, "details"), secret);
    copy = new CredentialUnavailableError(message, code ?? "assertion_callback_failed", details, options);
  } else if (thrown instanceof AuthenticationError) {
    const { error = "", ...rest } = cleanData(read(thrown, "errorResponse"), secret);
    copy = new AuthenticationError(Number(read(thrown, "statusCode")), { error: String(error), ...rest });
  } else {
    copy = new Error(message, options);
    define(copy, "name", clean(read(thrown, "name")));
    const code = read(thrown, "code");
    const ownCode = typeof code === "number" ? code : clean(code);
    if (ownCode !== undefined) Object.assign(copy, { code: ownCode });
  }
  define(copy, "stack", clean(read(thrown, "stack")));
  return copy;
}

/** Getters, and the traps of a proxy, may throw; so do `null` and `undefined`. */
function read(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

function define(error: Error, name: string, value: string | undefined): void {
  if (value === undefined) return;
  Object.defineProperty(error, name, { value, configurable: true, writable: true });
}

/** Cleans plain data by way of its JSON text, which has neither hooks nor hidden fields. */
function cleanData(data: unknown, secret: string): JsonObject {
  try {
    return parseJsonObject(withoutSecrets(JSON.stringify(data), secret)) ?? {};
  } catch {
    return {};
  }
}
