import type { CredentialEvent } from "./events.ts";
import type { FetchLike } from "./runtime.ts";

/** How often and how patiently an exchange is tried again. */
export interface RetryOptions {
  /** Tries after the first, 0 to 100. @default 3 */
  maxRetries?: number;
  /** The first wait, in milliseconds; it doubles from try to try, less a random part of up to half. @default 1000 */
  retryDelayInMs?: number;
  /**
   * The longest wait, in milliseconds. A `Retry-After` beyond it is not waited for: the call fails and says when to
   * come back. Shorter ones grow by a random part of up to half, within it.
   * @default 64000
   */
  maxRetryDelayInMs?: number;
}

/** What `getAssertion` receives: the request it is for, and the functions that the credential itself uses. */
export interface AssertionContext {
  /** The tenant of the token request. */
  readonly tenantId: string;
  /** The client id of the token request. */
  readonly clientId: string;
  /** The authority without a trailing slash, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Aborted when no caller waits any more, or when the deadline has passed. */
  readonly signal: AbortSignal;
  /** Whether Entra rejected the assertion before this one: a cached assertion must be replaced. */
  readonly wasRejected: boolean;
  /**
   * Removes the deadline `requestTimeoutInMs` of this call, for a source whose own requests have deadlines and retries.
   * From then on only the callers' own limits end it.
   */
  liftDeadline(): void;
  /** The runtime's name: `deno`, `bun`, `node`, or that of a custom runtime. */
  readonly runtimeName: string;
  /** Reads a file of at most 64 KiB as UTF-8 text; of a larger one, the first 65,537 bytes. */
  readTextFile(path: string): Promise<string>;
  /** Returns the value of an environment variable, or undefined if it is unset or may not be read. */
  env(name: string): string | undefined;
  /** Sends a request with the runtime's own transport, not with the option `fetch`. */
  readonly fetch: FetchLike;
  /** Waits; rejects when `signal` is aborted. */
  sleep(delayInMs: number): Promise<void>;
}

/** Returns the client assertion, a compact JWS. Called for each exchange, and again if Entra rejects the assertion. */
export type GetAssertion = (context: AssertionContext) => Promise<string>;

/**
 * Options of `WorkloadIdentityCredential`. What is left out comes from the environment that the workload identity
 * webhook sets, read once in the constructor. The object is never changed.
 *
 * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export interface WorkloadIdentityCredentialOptions {
  /** The tenant's id or a domain of it. Variable: `AZURE_TENANT_ID`. */
  tenantId?: string;
  /** The client id of the application or user-assigned managed identity. Variable: `AZURE_CLIENT_ID`. */
  clientId?: string;
  /** The path of the projected service-account token. Variable: `AZURE_FEDERATED_TOKEN_FILE`. */
  tokenFilePath?: string;
  /**
   * Entra's address: https, or http to a loopback address. Variable: `AZURE_AUTHORITY_HOST`.
   * @default "https://login.microsoftonline.com"
   */
  authorityHost?: string;
  /**
   * Tenants besides `tenantId` that a call may ask for; `"*"` allows any. A non-empty
   * `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH` makes every call use the credential's own tenant.
   * @default []
   */
  additionallyAllowedTenants?: string[];
  /**
   * Sends every request through the token proxy of AKS identity bindings, as the variables
   * `AZURE_KUBERNETES_TOKEN_PROXY`, `AZURE_KUBERNETES_SNI_NAME`, `AZURE_KUBERNETES_CA_FILE` and
   * `AZURE_KUBERNETES_CA_DATA` describe it; where none of them is set, as without this option. Not together with
   * `fetch`.
   * @default false
   * @see https://learn.microsoft.com/azure/aks/identity-bindings-concepts
   */
  enableAzureProxy?: boolean;
  /**
   * Told of what happens between a call and its token; never of a cache hit. What it throws harms nothing. The same
   * events are printed to standard error where `AZURE_LOG_LEVEL` is `error`, `warning`, `info` or `verbose`.
   */
  onEvent?: (event: CredentialEvent) => void;
  /** What events and logs may tell. */
  loggingOptions?: {
    /** Whether tenant and client ids may stand in them. @default false */
    allowLoggingAccountIdentifiers?: boolean;
  };
  /** Accepted for compatibility: there is no instance discovery to disable. */
  disableInstanceDiscovery?: boolean;
  /** How often and how patiently an exchange is tried again. */
  retryOptions?: RetryOptions;
  /** Gives the client assertion in place of the token file. */
  getAssertion?: GetAssertion;
  /** Sends the requests in place of the runtime's own transport. @default the runtime's */
  fetch?: FetchLike;
  /** The deadline of each attempt in milliseconds, 1 to 2147483647. @default 10000 */
  requestTimeoutInMs?: number;
  /**
   * The number of tokens to cache, 1 to 1000000. The least recently used one is evicted when there are more. A token takes
   * about 1 kB and its own length.
   * @default 10000
   */
  maxCachedTokens?: number;
}
