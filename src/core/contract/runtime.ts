/** What a runtime lends to the credential; everything else in the core is the web platform. */

/** The parts of `RequestInit` that the credential sends. */
export interface FetchInit {
  /** `POST`, or `GET`. */
  readonly method: string;
  /** By lower-case names. */
  readonly headers: Record<string, string>;
  /** Already encoded. */
  readonly body?: string;
  /** Ends the request, its body included. */
  readonly signal?: AbortSignal;
  /** Always `manual`: an assertion goes where it was sent, or nowhere. */
  readonly redirect?: "follow" | "error" | "manual";
}

/** The parts of a `Response` that the credential reads. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number;
  /** Read by name, whatever its case. */
  readonly headers: { get(name: string): string | null };
  /** The bytes as they arrive; null or absent if there are none, or if only `text` reads them. */
  readonly body?: AsyncIterable<Uint8Array> | null;
  /** Reads the whole body. Used instead of `body` if the length is known to be small, or if there is no `body`. */
  text?(): Promise<string>;
}

/** Sends one HTTP request. The global `fetch` fits, and so does any function over another HTTP client. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** How connections are secured where it is not the runtime's ordinary way. */
export interface TlsSettings {
  /** Certificates in PEM that replace the system's roots. @default the system's roots */
  readonly ca?: string;
  /** The name that is sent to the server and looked for in its certificate. @default the URL's host */
  readonly serverName?: string;
}

/** Sends over connections of its own. */
export interface Transport {
  /** Sends a request; it follows no redirect. */
  readonly fetch: FetchLike;
  /** Closes the idle connections now, and each of the others when its answer is read. */
  close(): void;
}

/** Time as the credential sees it. Timers are never what keeps a process alive; a hold is. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Milliseconds since any fixed moment, from a clock that nobody sets: waits and durations are measured with it, and it
   * shows when `now` is set back. Without it, the steps forward of `now` are counted.
   */
  monotonic?(): number;
  /** Calls back once after `delayInMs`, and does not keep the process alive. Returns what `clearTimeout` takes. */
  setTimeout(callback: () => void, delayInMs: number): unknown;
  /** Calls off what `setTimeout` returned. */
  clearTimeout(timer: unknown): void;
  /** Keeps the process alive until the returned function is called. A clock that is not real time has no need of it. */
  hold?(): () => void;
}

/**
 * The port between the credential and the place it runs in.
 *
 * @example
 * ```ts
 * import { type Runtime, WorkloadIdentityCredential } from "@workload-id/entra/core";
 *
 * const runtime: Runtime = {
 *   name: "workerd",
 *   readTextFile: () => Promise.reject(new Error("this place has no files; use getAssertion")),
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
  /** For messages: `deno`, `bun`, `node`, or a name of your own. */
  readonly name: string;
  /** Reads a file as UTF-8 text. Of a larger one it reads no more than the first `maxBytes` bytes. */
  readTextFile(path: string, maxBytes: number): Promise<string>;
  /** The value of an environment variable; one that may not be read counts as unset. */
  env(name: string): string | undefined;
  /** Sends a request; it must follow no redirect when told so. */
  readonly fetch: FetchLike;
  /**
   * Describes a proxy that the environment names for a URL and that `fetch` does not use, and what to do about it; returns
   * undefined if there is none. Called after a network failure.
   */
  describeIgnoredProxy?(url: string): string | undefined;
  /**
   * Opens a transport that ignores proxy variables; throws if `ca` has no certificate. Only identity bindings need it.
   */
  openTransport?(settings: TlsSettings): Transport | Promise<Transport>;
  /** The time, and timers. @default the system's clock */
  readonly clock?: Clock;
  /** A number from 0 up to, not including, 1; spreads retries and refreshes. @default Math.random */
  readonly random?: () => number;
}
