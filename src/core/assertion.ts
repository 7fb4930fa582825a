/** The client assertion: the projected service-account token, or what `getAssertion` gives. */
import { withDeadline } from "./clock.ts";
import type { ExchangeContext } from "./exchange_context.ts";
import { Failure } from "./failure.ts";
import { isPermissionDenied } from "./network_failure.ts";
import type { AssertionContext, GetAssertion } from "./options.ts";
import { withoutTokens } from "./redaction.ts";

const LARGEST_TOKEN = 64 * 1024;
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Reads the assertion anew. Its times are not looked at: the local clock may be wrong, and Entra decides.
 *
 * @throws {Failure}
 */
export async function readAssertion(context: ExchangeContext): Promise<string> {
  const { config, runtime, clock, request, audience, progress } = context;
  const { tenantId, clientId, authority } = request;
  const startedAt = clock.now();
  const assertion = await withDeadline(
    clock,
    config.requestTimeoutInMs,
    audience.signal,
    "reading the assertion",
    (signal) => {
      const told = { tenantId, clientId, authority, signal, runtime };
      return config.getAssertion
        ? callForAssertion(config.getAssertion, told)
        : readTokenFile(config.tokenFilePath, told);
    },
  );
  const { exchangeId } = progress;
  config.emit?.({ type: "assertion_read", exchangeId, durationInMs: clock.now() - startedAt });
  return assertion;
}

async function readTokenFile(path: string, { runtime, signal }: AssertionContext): Promise<string> {
  let text: string;
  try {
    text = await runtime.readTextFile(path, { signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    if (isPermissionDenied(cause)) {
      throw new Failure(
        "permission_denied",
        `the token file ${path} may not be read; on Deno, grant it with --allow-read=${path}`,
        { cause },
      );
    }
    const reason = cause instanceof Error ? cause.message : "unknown reason";
    throw new Failure("token_file_unreadable", `the token file ${path} cannot be read: ${reason}`, { cause });
  }
  if (text.length > LARGEST_TOKEN) {
    throw new Failure("token_file_too_large", `the token file ${path} is larger than 64 KiB`);
  }
  const token = trim(text);
  if (token === "") throw new Failure("token_file_empty", `the token file ${path} is empty`);
  if (!COMPACT_JWS.test(token)) {
    throw new Failure("token_file_not_a_jwt", `the token file ${path} does not hold a JWT in compact form`);
  }
  return token;
}

async function callForAssertion(
  getAssertion: GetAssertion,
  context: AssertionContext,
): Promise<string> {
  let assertion: unknown;
  try {
    assertion = await getAssertion(context);
  } catch (cause) {
    if (context.signal.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : "unknown reason";
    throw new Failure("assertion_callback_failed", `getAssertion failed: ${withoutTokens(reason)}`, {
      cause,
    });
  }
  const token = typeof assertion === "string" && assertion.length <= LARGEST_TOKEN ? trim(assertion) : "";
  if (!COMPACT_JWS.test(token)) {
    throw new Failure("assertion_callback_failed", "getAssertion did not give a JWT in compact form");
  }
  return token;
}

/** Editors and shells leave a byte order mark, spaces and line ends around a token. */
function trim(text: string): string {
  return text.replace(/^\uFEFF/, "").trim();
}
