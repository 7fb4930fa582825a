/** Asks a service for an assertion. */
import { isLoopback } from "../core/settings/authority.ts";
import { classify } from "../core/failure/classify.ts";
import type { AssertionContext } from "../core/contract/options.ts";
import { readBody } from "../core/acquisition/response_body.ts";
import type { FetchResponse } from "../core/contract/runtime.ts";
import { unavailable } from "./unavailable.ts";

/** What to ask, and of whom. */
export interface AssertionRequest {
  /** For messages. */
  readonly service: string;
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Record<string, string>;
  /** The bearer token that proves to be this job; sent, and never told. */
  readonly secret?: string;
  /** What to look at where the service refuses. */
  readonly hint: string;
}

/** An answer with status 200. */
export interface AssertionAnswer {
  readonly text: string;
  readonly headers: FetchResponse["headers"];
}

/** The waits before the second and the third try. */
const WAITS_IN_MS = [500, 1500];

/**
 * Reads an address out of a variable.
 *
 * @throws {CredentialUnavailableError} assertion_callback_failed: it is neither https nor loopback
 */
export function parseServiceUrl(variable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url && isSafe && !url.username && !url.password) return url;
  throw unavailable(`${variable}: it must be an https URL, or http to a loopback address`);
}

/**
 * Sends it, up to three times where that may help, within the deadline of the exchange. Follows no redirect.
 *
 * @throws {CredentialUnavailableError} assertion_callback_failed: the service cannot be reached, or refuses
 */
export async function requestAssertion(
  request: AssertionRequest,
  { fetch, sleep, signal }: AssertionContext,
): Promise<AssertionAnswer> {
  const { service, method, url, headers, secret, hint } = request;
  const authorization = secret === undefined ? undefined : { authorization: `Bearer ${secret}` };
  const init = { method, headers: { ...headers, ...authorization }, signal, redirect: "manual" } as const;
  for (let tries = 0;; tries++) {
    let problem: string;
    let isTransient: boolean;
    try {
      const response = await fetch(url.href, init);
      const { status } = response;
      const text = await readBody(response);
      if (status === 200) return { text, headers: response.headers };
      problem = `${service} answered with status ${status}. ${hint}`;
      isTransient = status === 408 || status === 429 || status >= 500;
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = classify(error, { url: url.href, tokenFilePath: "", assertion: secret ?? "" });
      problem = `${service}: ${failure.reason}`;
      isTransient = failure.code === "network_failed";
    }
    const delayInMs = isTransient ? WAITS_IN_MS[tries] : undefined;
    if (delayInMs === undefined) throw unavailable(problem);
    await sleep(delayInMs);
  }
}

/**
 * Returns a text in a JSON answer.
 *
 * @throws {CredentialUnavailableError} assertion_callback_failed: it is not there
 */
export function readMember({ text }: AssertionAnswer, name: string, service: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text)?.[name];
  } catch { /* said below, without the text */ }
  if (typeof value === "string" && value !== "") return value;
  throw unavailable(`${service} gave an answer without "${name}"`);
}
