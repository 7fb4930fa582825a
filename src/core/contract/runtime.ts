/** Everything that a runtime provides to the credential. The rest of the core needs only the web platform. */

/** The parts of `RequestInit` that the credential sends. */
export interface FetchInit {
  /** `POST`, or `GET`. */
  readonly method: string;
  /** Headers by lower-case names. */
  readonly headers: Record<string, string>;
  /** The encoded body. */
  readonly body?: string;
  /** Aborts the request, including its body. */
  readonly signal?: AbortSignal;
  /** Always `manual`: the assertion must not follow a redirect. */
  readonly redirect?: "follow" | "error" | "manual";
}

/** The parts of a `Response` that the credential reads. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number;
  /** Headers, read by case-insensitive name. */
  readonly headers: { get(name: string): string | null };
  /** The body as a stream of bytes; null or absent if it is empty, or if only `text` can read it. */
  readonly body?: AsyncIterable<Uint8Array> | null;
  /** Reads the whole body. Used instead of `body` if the length is known to be small, or if there is no `body`. */
  text?(): Promise<string>;
}

/** Sends one HTTP request. The global `fetch` has this type, and a wrapper of another HTTP client can have it. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** TLS settings that differ from the runtime's defaults. */
export interface TlsSettings {
  /** PEM certificates that replace the system's roots. @default the system's roots */
  readonly ca?: string;
  /** Server name to send and to expect in the certificate. @default the URL's host */
  readonly serverName?: string;
}

/** Sends requests over its own connections. */
export interface Transport {
  /** Sends a request, and does not follow redirects. */
  readonly fetch: FetchLike;
  /** Closes idle connections at once, and the others when their response has been read. */
  close(): void;
}

/** Clock and timers of the credential. Timers do not keep the process alive; `hold` does. */
export interface Clock {
  /** Returns the time in milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Returns the milliseconds since any fixed moment, from a clock that is never set. It measures waits and durations, and
   * reveals when `now` is set back. @default a count of the forward steps of `now`
   */
  monotonic?(): number;
  /** Calls back once after `delayInMs`, without keeping the process alive. Returns the argument for `clearTimeout`. */
  setTimeout(callback: () => void, delayInMs: number): unknown;
  /** Cancels a timer of `setTimeout`. */
  clearTimeout(timer: unknown): void;
  /** Keeps the process alive until the returned function is called. Only a clock of real time needs this method. */
  hold?(): () => void;
}

/**
 * Port between the credential and its environment. Implement it to run the credential on another runtime.
 *
 * @example
 * ```ts
 * import { type Runtime, WorkloadIdentityCredential } from "@workload-id/entra/core";
 *
 * const runtime: Runtime = {
 *   name: "workerd",
 *   readTextFile: () => Promise.reject(new Error("this runtime has no files; use getAssertion")),
 *   env: () => undefined,
 *   fetch: (url, init) => fetch(url, init),
 * };
 * const credential = new WorkloadIdentityCredential({
 *   tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 *   getAssertion: () => Promise.resolve("eyJ..."),
 * }, runtime);
 * ```
 */
export interface Runtime {
  /** Name for messages: `deno`, `bun`, `node`, or another one. */
  readonly name: string;
  /** Reads a file as UTF-8 text, at most its first `maxBytes` bytes. */
  readTextFile(path: string, maxBytes: number): Promise<string>;
  /** Returns the value of an environment variable, or undefined if it is unset or may not be read. */
  env(name: string): string | undefined;
  /** Returns whether the permission to read an environment variable is missing. @default false for every variable */
  isEnvDenied?(name: string): boolean;
  /** Sends a request. With `redirect: "manual"` it must not follow redirects. */
  readonly fetch: FetchLike;
  /**
   * Describes a proxy that a variable names for a URL but `fetch` does not use, with the fix. Returns undefined if there is
   * none. Called after a network failure.
   */
  describeIgnoredProxy?(url: string): string | undefined;
  /**
   * Opens a transport that ignores proxy variables. Throws if `ca` has no certificate. Needed only for identity bindings.
   */
  openTransport?(settings: TlsSettings): Transport | Promise<Transport>;
  /** Clock and timers. @default the system's clock */
  readonly clock?: Clock;
  /** Returns a number from 0 to less than 1, to randomise retries and refreshes. @default Math.random */
  readonly random?: () => number;
}
