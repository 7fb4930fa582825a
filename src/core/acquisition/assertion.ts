/** The client assertion: the projected service-account token, or what `getAssertion` gives. */
import { withDeadline } from "./deadline.ts";
import type { ExchangeContext } from "./exchange_state.ts";
import { lazy } from "../lazy.ts";

const failurePath = lazy(() => import("../failure/failure_path.ts"));

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
  const { getAssertion, tokenFilePath: path } = config;
  const startedAt = clock.now();
  const read = async (signal: AbortSignal): Promise<unknown> => {
    try {
      return getAssertion
        ? await getAssertion({ tenantId, clientId, authority, signal, runtime })
        : await runtime.readTextFile(path, { signal });
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw (await failurePath()).describeReadFailure(cause, path);
    }
  };
  const text = await withDeadline(
    clock,
    config.requestTimeoutInMs,
    audience.signal,
    "reading the assertion",
    read,
  );
  const isTooLarge = typeof text === "string" && text.length > LARGEST_TOKEN;
  const token = typeof text === "string" && !isTooLarge ? trim(text) : "";
  if (!COMPACT_JWS.test(token)) throw (await failurePath()).describeUnusable(token, path, isTooLarge);
  const { exchangeId } = progress;
  config.events.emit?.({ type: "assertion_read", exchangeId, durationInMs: clock.now() - startedAt });
  return token;
}

/** Editors and shells leave a byte order mark, spaces and line ends around a token. */
function trim(text: string): string {
  return text.replace(/^\uFEFF/, "").trim();
}
