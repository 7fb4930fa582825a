/** Types equal to those of @azure/core-auth, so that Azure clients accept this credential. */

/** Abort signal: the DOM's `AbortSignal`, or the smaller one of Azure clients. */
export interface AbortSignalLike {
  /** True if the signal has been aborted. */
  readonly aborted: boolean;
  /** Adds a listener for the abort. */
  addEventListener(
    type: "abort",
    // deno-lint-ignore no-explicit-any
    listener: (this: AbortSignalLike, event: any) => any,
    // deno-lint-ignore no-explicit-any
    options?: any,
  ): void;
  /** Removes a listener. */
  removeEventListener(
    type: "abort",
    // deno-lint-ignore no-explicit-any
    listener: (this: AbortSignalLike, event: any) => any,
    // deno-lint-ignore no-explicit-any
    options?: any,
  ): void;
}

/** Immutable set of tracing values, as Azure clients pass it on. */
export interface TracingContext {
  /** Returns a copy with a value set. */
  setValue(key: symbol, value: unknown): TracingContext;
  /** Returns the value of a key. */
  getValue(key: symbol): unknown;
  /** Returns a copy without a value. */
  deleteValue(key: symbol): TracingContext;
}

/** Options of one `getToken` call. */
export interface GetTokenOptions {
  /** Ends this caller's wait at once; the call rejects with the signal's reason, or an `AbortError`. */
  abortSignal?: AbortSignalLike;
  /** Limits of this call. */
  requestOptions?: {
    /**
     * Deadline of the whole call in milliseconds, including retries; 0 means none.
     * @default 0
     */
    timeout?: number;
  };
  /** Tracing context to pass on in events. The credential itself creates no spans; `./opentelemetry` does. */
  tracingOptions?: { tracingContext?: TracingContext };
  /**
   * Claims of a claims challenge, as decoded JSON text. The call bypasses the cache, and its token replaces the cached one.
   * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
   */
  claims?: string;
  /**
   * Announces that the caller handles claims challenges (Continuous Access Evaluation). Such tokens have a longer lifetime,
   * up to a day, and are cached separately.
   * @default false
   */
  enableCae?: boolean;
  /** Tenant to request the token from, instead of the credential's own; it must be in `additionallyAllowedTenants`. */
  tenantId?: string;
  /**
   * Path of a federated managed identity: the client ID of an agent identity, for which a blueprint requests an exchange
   * token. Such tokens are cached by the exact path. See `agentIdentity` in `./assertions`.
   * @see https://learn.microsoft.com/entra/agent-id/agent-autonomous-app-oauth-flow
   */
  fmiPath?: string;
  /**
   * Requests a new token even if one is cached. If the request fails while the cached token is still valid, the
   * call returns the cached one.
   * @default false
   */
  forceRefresh?: boolean;
}

/** Access token. Frozen; every caller gets the same object while it is cached. */
export interface AccessToken {
  /** The token. A secret: never log it. */
  token: string;
  /** Time of expiry, in milliseconds since the Unix epoch. */
  expiresOnTimestamp: number;
  /** Time from which the credential refreshes it in the background, in milliseconds since the Unix epoch. */
  refreshAfterTimestamp?: number;
  /** Always `Bearer` from this credential. */
  tokenType?: "Bearer" | "pop";
}

/** Source of access tokens, as Azure clients accept it. */
export interface TokenCredential {
  /** Returns an access token for the scopes, or `null` if it has none. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null>;
}
