/** The client assertion: the projected service-account token, or what `getAssertion` returns. */
import { sleep, withDeadline } from "../clock.ts";
import type { AssertionContext } from "../contract/options.ts";
import type { Runtime } from "../contract/runtime.ts";
import { UnusableAssertion } from "../failure.ts";
import type { ExchangeContext } from "./exchange_state.ts";

const LARGEST_TOKEN = 64 * 1024;
/** One byte more than the largest token, to detect a file that is too large. */
export const MAX_BYTES: number = LARGEST_TOKEN + 1;
/** Wait before a second try: a file that is being replaced can be missing for a moment. */
const MISSING_DELAY_IN_MS = 50;
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Reads the assertion. Its times are not checked: the local clock may be wrong, and Entra decides.
 *
 * @param wasRejected whether Entra rejected the assertion before this one
 * @throws {UnusableAssertion} the text is not a JWT
 * @throws {DeadlineExceeded} reading took too long
 * @throws the error of the file system or of `getAssertion`
 */
export async function readAssertion(context: ExchangeContext, wasRejected: boolean): Promise<string> {
  const { config, clock, waiters, state, place } = context;
  const { getAssertion, tokenFilePath: path, requestTimeoutInMs } = config;
  const startedAt = clock.monotonic();
  const text: unknown = await withDeadline(
    clock,
    requestTimeoutInMs,
    waiters.signal,
    async (signal, removeDeadline) => {
      // A source that lifts the deadline waits for another exchange, which may need a place too.
      const liftDeadline = () => {
        removeDeadline();
        place.leave();
      };
      return getAssertion
        ? await getAssertion(createAssertionContext(context, signal, wasRejected, liftDeadline))
        : await readFile(context, path, signal, wasRejected);
    },
  );
  const token = parseAssertion(text);
  const { notify } = config.events;
  if (notify) {
    const { exchangeId } = state;
    notify({ type: "assertion_read", exchangeId, durationInMs: clock.elapsedSince(startedAt) });
    const ageInMs = getAssertion ? -1 : clock.now() - decodeExpiry(token);
    if (ageInMs >= 0) notify({ type: "assertion_stale", exchangeId, ageInMs });
  }
  return token;
}

/** Returns when a token expires, in milliseconds since the Unix epoch, without verification; `NaN` if it is unknown. */
function decodeExpiry(token: string): number {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const { exp } = JSON.parse(atob(payload));
    return typeof exp === "number" ? exp * 1000 : NaN;
  } catch {
    return NaN;
  }
}

/**
 * Reads and checks a token file, for callers outside an exchange.
 *
 * @throws {UnusableAssertion} the file does not contain a JWT
 */
export async function readTokenFile(runtime: Pick<Runtime, "readTextFile">, path: string): Promise<string> {
  return parseAssertion(await runtime.readTextFile(path, MAX_BYTES));
}

/**
 * Checks that a text is a JWT, and removes a byte order mark, spaces and line ends around it, as editors and shells add.
 *
 * @throws {UnusableAssertion} the text is not a JWT
 */
export function parseAssertion(text: unknown): string {
  if (typeof text !== "string") throw new UnusableAssertion("not_a_jwt");
  if (text.length > LARGEST_TOKEN) throw new UnusableAssertion("too_large");
  const token = text.replace(/^\uFEFF/, "").trim();
  if (!COMPACT_JWS.test(token)) throw new UnusableAssertion(token ? "not_a_jwt" : "empty");
  return token;
}

/** Joins a running read of the file, unless that may have started before Entra rejected the assertion. */
async function readFile(
  { files, clock }: ExchangeContext,
  path: string,
  signal: AbortSignal,
  wasRejected: boolean,
): Promise<string> {
  const read = () => wasRejected ? files.readAgain(path) : files.read(path);
  try {
    return await read();
  } catch (error) {
    if ((error as { code?: unknown } | undefined)?.code !== "ENOENT") throw error;
    await sleep(clock, MISSING_DELAY_IN_MS, signal);
    return await read();
  }
}

function createAssertionContext(
  context: ExchangeContext,
  signal: AbortSignal,
  wasRejected: boolean,
  liftDeadline: () => void,
): AssertionContext {
  const { runtime, clock, parameters: { tenantId, clientId, authority } } = context;
  return {
    tenantId,
    clientId,
    authority,
    signal,
    wasRejected,
    liftDeadline,
    runtimeName: runtime.name,
    readTextFile: (path) => readFile(context, path, signal, wasRejected),
    env: (name) => runtime.env(name),
    fetch: (url, init) => runtime.fetch(url, init),
    sleep: (delayInMs) => sleep(clock, delayInMs, signal),
  };
}
