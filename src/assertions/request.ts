/** Requests an assertion from a service. */
import { isLoopback } from "../core/settings/authority.ts";
import { classify } from "../core/failure/classify.ts";
import { readBody } from "../core/acquisition/token_endpoint.ts";
import type { FetchResponse } from "../core/contract/runtime.ts";
import type { SourceContext } from "./source.ts";
import { unavailable } from "./unavailable.ts";

/** A request for an assertion. */
export interface AssertionRequest {
  /** The name of the service, for messages. */
  readonly service: string;
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Record<string, string>;
  /** The bearer token that authenticates the job. It appears in no message. */
  readonly secret?: string;
  /** The fix if the service rejects the request. */
  readonly hint: string;
}

/** A response with status 200. */
export interface AssertionResponse {
  readonly text: string;
  readonly headers: FetchResponse["headers"];
}

/** The waits before the second and the third attempt. */
const WAITS_IN_MS = [500, 1500];

/**
 * Parses the address in a variable.
 *
 * @throws {CredentialUnavailableError} `assertion_callback_failed`: it is neither https nor loopback
 */
export function parseServiceUrl(variable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url && isSafe && !url.username && !url.password) return url;
  throw unavailable(`${variable} is not an https URL, or an http URL of a loopback address.`);
}

/**
 * Sends a request, up to three times after transient failures, until the context's signal aborts. Follows no redirect.
 *
 * @throws {CredentialUnavailableError} `assertion_callback_failed`: the service cannot be reached, or rejects the request
 */
export async function requestAssertion(
  request: AssertionRequest,
  { fetch, sleep, signal }: SourceContext,
): Promise<AssertionResponse> {
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
      problem = `${service} responded with status ${status}. ${hint}`;
      isTransient = status === 408 || status === 429 || status >= 500;
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = classify(error, { url: url.href, tokenFilePath: "", assertion: secret ?? "" });
      problem = `${service}: ${failure.reason}.`;
      isTransient = failure.code === "network_failed";
    }
    const delayInMs = isTransient ? WAITS_IN_MS[tries] : undefined;
    if (delayInMs === undefined) throw unavailable(problem);
    await sleep(delayInMs);
  }
}

/**
 * Returns a text in a JSON response.
 *
 * @throws {CredentialUnavailableError} `assertion_callback_failed`: the response does not contain it
 */
export function readMember({ text }: AssertionResponse, name: string, service: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text)?.[name];
  } catch { /* Reported below, without the text. */ }
  if (typeof value === "string" && value !== "") return value;
  throw unavailable(`${service} returned a response without "${name}".`);
}
