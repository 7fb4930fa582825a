/** Structural twins of the types in @azure/core-auth, so that every Azure client takes this credential. */

/** An abort signal: the DOM's `AbortSignal`, or the smaller one that Azure clients pass on. */
export interface AbortSignalLike {
  /** Whether it has been aborted. */
  readonly aborted: boolean;
  /** Listens for the abort. */
  addEventListener(
    type: "abort",
    // deno-lint-ignore no-explicit-any
    listener: (this: AbortSignalLike, event: any) => any,
    // deno-lint-ignore no-explicit-any
    options?: any,
  ): void;
  /** Stops listening. */
  removeEventListener(
    type: "abort",
    // deno-lint-ignore no-explicit-any
    listener: (this: AbortSignalLike, event: any) => any,
    // deno-lint-ignore no-explicit-any
    options?: any,
  ): void;
}

/** An immutable bag of tracing values, as Azure clients pass it on. */
export interface TracingContext {
  /** A copy with a value set. */
  setValue(key: symbol, value: unknown): TracingContext;
  /** The value under a key. */
  getValue(key: symbol): unknown;
  /** A copy without a value. */
  deleteValue(key: symbol): TracingContext;
}

/** Options of one `getToken` call. */
export interface GetTokenOptions {
  /** Ends this caller's wait at once; the call rejects with the signal's reason, or an `AbortError`. */
  abortSignal?: AbortSignalLike;
  /** How long this call may take. */
  requestOptions?: {
    /**
     * This caller's whole deadline in milliseconds, retries included; 0 means none.
     * @default 0
     */
    timeout?: number;
  };
  /** Passed on as it is; the credential itself makes no spans. */
  tracingOptions?: { tracingContext?: TracingContext };
  /**
   * The claims of a claims challenge, as decoded JSON text. Skips the cache and replaces its entry.
   * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
   */
  claims?: string;
  /**
   * Says that the caller handles claims challenges (Continuous Access Evaluation). Such tokens live longer and are
   * cached apart.
   * @default false
   */
  enableCae?: boolean;
  /** Another tenant than the credential's own; it must be in `additionallyAllowedTenants`. */
  tenantId?: string;
  /**
   * The path of a federated managed identity: the client id of an agent identity, for which a blueprint requests an exchange
   * token. Such tokens are cached by the exact path. See `agentIdentity` in `./assertions`.
   * @see https://learn.microsoft.com/entra/agent-id/agent-autonomous-app-oauth-flow
   */
  fmiPath?: string;
  /**
   * Asks Entra even though a token is cached, and replaces it. While the cached one is valid, a failure gives that
   * one back.
   * @default false
   */
  forceRefresh?: boolean;
}

/** An access token. Frozen; the same object for every caller while it is cached. */
export interface AccessToken {
  /** The token itself: secret, never log it. */
  token: string;
  /** When it expires, in milliseconds since the Unix epoch. */
  expiresOnTimestamp: number;
  /** When the credential renews it behind its callers, in milliseconds since the Unix epoch. */
  refreshAfterTimestamp?: number;
  /** Always `Bearer` from this credential. */
  tokenType?: "Bearer" | "pop";
}

/** Anything that gives out access tokens: what Azure clients take. */
export interface TokenCredential {
  /** Gives an access token for a scope, or `null` where it has none to give. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null>;
}
