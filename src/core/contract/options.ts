import type { CredentialEvent } from "./events.ts";
import type { FetchLike } from "./runtime.ts";

/** Number of retries of an exchange, and the waits between them. */
export interface RetryOptions {
  /** Number of attempts after the first, 0 to 100. @default 3 */
  maxRetries?: number;
  /** First wait in milliseconds, 0 to 2147483647. Doubles with each attempt, less a random part of up to half. @default 1000 */
  retryDelayInMs?: number;
  /**
   * Longest wait in milliseconds, 0 to 2147483647. If `Retry-After` is longer, the call fails at once with
   * `details.retryAfterInMs`. A shorter one is extended by a random part of up to half, within this limit.
   * @default 64000
   */
  maxRetryDelayInMs?: number;
}

/** Argument of `getAssertion`: the request that needs the assertion, and functions of the runtime. */
export interface AssertionContext {
  /** The tenant of the token request. */
  readonly tenantId: string;
  /** The client ID of the token request. */
  readonly clientId: string;
  /** The authority without a trailing slash, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Aborted when no caller waits any longer, or when the deadline has passed. */
  readonly signal: AbortSignal;
  /** True if Entra rejected the assertion before this one: a cached assertion must be replaced. */
  readonly wasRejected: boolean;
  /**
   * Removes the deadline `requestTimeoutInMs` of this call, for a source whose own requests have deadlines and retries.
   * After that, only the callers' own limits end it.
   */
  liftDeadline(): void;
  /** The runtime's name: `deno`, `bun`, `node`, or that of a custom runtime. */
  readonly runtimeName: string;
  /** Reads a file as UTF-8 text, at most its first 65,537 bytes: a token has at most 64 KiB. */
  readTextFile(path: string): Promise<string>;
  /** Returns the value of an environment variable, or undefined if it is unset or may not be read. */
  env(name: string): string | undefined;
  /** Sends a request with the runtime's own transport, not with the option `fetch`. */
  readonly fetch: FetchLike;
  /** Waits for a time in milliseconds. Rejects when `signal` is aborted. */
  sleep(delayInMs: number): Promise<void>;
}

/** Returns the client assertion, a compact JWS. Called for each exchange, and again if Entra rejects the assertion. */
export type GetAssertion = (context: AssertionContext) => Promise<string>;

/**
 * Options of `WorkloadIdentityCredential`. Omitted options are read from the variables that the workload identity webhook
 * sets, once in the constructor. The credential does not change the object.
 *
 * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export interface WorkloadIdentityCredentialOptions {
  /** Tenant ID or a domain name of the tenant. Variable: `AZURE_TENANT_ID`. */
  tenantId?: string;
  /** Client ID of the app registration or the user-assigned managed identity. Variable: `AZURE_CLIENT_ID`. */
  clientId?: string;
  /** Path of the projected service account token. Variable: `AZURE_FEDERATED_TOKEN_FILE`. */
  tokenFilePath?: string;
  /**
   * URL of Entra: https, or http to a loopback address. Variable: `AZURE_AUTHORITY_HOST`.
   * @default "https://login.microsoftonline.com"
   */
  authorityHost?: string;
  /**
   * Tenants that a call may request in addition to `tenantId`; `"*"` allows any. A non-empty
   * `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` makes every call use the credential's own tenant.
   * @default []
   */
  additionallyAllowedTenants?: string[];
  /**
   * Sends requests through the token proxy of AKS identity bindings, configured by the variables
   * `AZURE_KUBERNETES_TOKEN_PROXY`, `AZURE_KUBERNETES_SNI_NAME`, `AZURE_KUBERNETES_CA_FILE` and `AZURE_KUBERNETES_CA_DATA`.
   * If none of them is set, the option has no effect. Cannot be combined with `fetch`.
   * @default false
   * @see https://learn.microsoft.com/azure/aks/identity-bindings-concepts
   */
  enableAzureProxy?: boolean;
  /**
   * Called with each event between a call and its token, but not for a cache hit. An error that it throws has no effect. With
   * the variable `AZURE_LOG_LEVEL` (`error`, `warning`, `info` or `verbose`) the same events are printed to standard error.
   */
  onEvent?: (event: CredentialEvent) => void;
  /** Content of events and log lines. */
  loggingOptions?: {
    /** Allows tenant and client ID in them. @default false */
    allowLoggingAccountIdentifiers?: boolean;
  };
  /** Has no effect: there is no instance discovery. Accepted for compatibility with @azure/identity. */
  disableInstanceDiscovery?: boolean;
  /** Number of retries, and the waits between them. */
  retryOptions?: RetryOptions;
  /** Returns the client assertion instead of the token file. `./assertions` has sources. */
  getAssertion?: GetAssertion;
  /** Sends the requests instead of the runtime's own transport. @default the runtime's */
  fetch?: FetchLike;
  /** Deadline of each attempt in milliseconds, 1 to 2147483647. @default 10000 */
  requestTimeoutInMs?: number;
  /**
   * The number of tokens to cache, 1 to 1000000. When there are more, the least recently used one is evicted. A token takes
   * about 1 kB in addition to its own length.
   * @default 10000
   */
  maxCachedTokens?: number;
  /**
   * The number of exchanges that may read their assertion or wait for Entra's response at the same time, 1 to 1000. The
   * others wait in order: those with waiting callers before background refreshes. A caller's timeout includes
   * this wait; `requestTimeoutInMs` does not. A credential with a source of `agentIdentity` shares its blueprint's limit.
   * @default 64
   */
  maxConcurrentExchanges?: number;
}
