/** The arguments of a `fetch` call, copied so that later changes by the caller have no effect. */
import { isLoopback } from "../core/settings/authority.ts";

/** The first argument of `fetch`. */
export type FetchInput = string | URL | Request;

/** The arguments of `fetch`. */
export type FetchArguments = readonly [input: FetchInput, init: RequestInit];

/** A copied call. */
export interface FetchCall {
  /** The origin that receives the token. */
  readonly origin: string;
  readonly signal: AbortSignal | undefined;
  /** True if it can be sent a second time: a stream can be read only once. */
  readonly isRepeatable: boolean;
  /** Returns the arguments for one attempt. */
  withToken(token: string): FetchArguments;
}

/**
 * Copies a call.
 *
 * @param headers its headers, already copied
 * @throws {TypeError} the URL is invalid, or neither https nor loopback
 */
export function copyFetchCall(
  input: FetchInput,
  init: RequestInit | undefined,
  headers: Headers,
): FetchCall {
  const request = isRequest(input) ? input.clone() : undefined;
  const { href, origin } = parseDestination(request?.url ?? String(input));
  const options = copyInit(init);
  const signal = options.signal ?? request?.signal;
  return {
    origin,
    signal,
    isRepeatable: isCopied(options.body),
    withToken(token) {
      headers.set("authorization", `Bearer ${token}`);
      // The copy stays unread for a second attempt.
      return [request?.clone() ?? href, { ...options, headers }];
    },
  };
}

/** Recognises a `Request` of another realm or library too. */
export function isRequest(input: FetchInput): input is Request {
  return typeof input === "object" && "clone" in input;
}

/** Copies inherited members too, as `fetch` reads them: a `Request` is a valid `init`. */
function copyInit(init: RequestInit | undefined): RequestInit {
  const copy: Record<string, unknown> = {};
  for (const name in init) copy[name] = init[name as keyof RequestInit];
  if (copy.body !== undefined) copy.body = copyBody(copy.body as BodyInit | null);
  return copy;
}

/** Copies a body that its owner could change. */
function copyBody(body: BodyInit | null): BodyInit | null {
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  }
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!(body instanceof FormData)) return body;
  const copy = new FormData();
  for (const [name, value] of body) copy.append(name, value);
  return copy;
}

function isCopied(body: unknown): boolean {
  return body === undefined || body === null || typeof body === "string" || body instanceof ArrayBuffer ||
    body instanceof Uint8Array || body instanceof Blob || body instanceof FormData ||
    body instanceof URLSearchParams;
}

function parseDestination(url: string): URL {
  const destination = new URL(url);
  const { protocol, hostname, origin } = destination;
  if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return destination;
  throw new TypeError(`a token is sent only over https or to a loopback address, not to ${origin}`);
}
