import { TokenAcquisition } from "./acquisition/token_acquisition.ts";
import { createTransport } from "./acquisition/token_endpoint.ts";
import { SteadyClock, systemClock } from "./clock.ts";
import type { EventListener } from "./contract/events.ts";
import type { WorkloadIdentityCredentialOptions } from "./contract/options.ts";
import type { Runtime } from "./contract/runtime.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "./contract/token_credential.ts";
import { resolveConfig } from "./settings/config.ts";
import { ExchangeLimiter } from "./exchange_limiter.ts";
import type { EventSource } from "./settings/event_source.ts";
import { TokenCache } from "./token_cache.ts";

interface State {
  readonly clock: SteadyClock;
  readonly cache: TokenCache;
  readonly acquisition: TokenAcquisition;
  readonly events: EventSource;
}

/**
 * Key of the state, which is hidden from `inspect` and JSON. A private field would not work through a `Proxy`, a derived
 * object or a reactive wrapper. The state is returned by a function, because such wrappers replace objects but not functions.
 */
const STATE = Symbol("state");

function stateOf(credential: object): State {
  return (credential as { [STATE]: () => State })[STATE]();
}

/**
 * Exchanges the service-account token that a cluster projects into a pod for access tokens of Microsoft Entra, and caches
 * and refreshes them. Tokens are cached in the instance: create one and share it.
 *
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 *
 * const credential = new WorkloadIdentityCredential();
 * const { token } = await credential.getToken("https://vault.azure.net/.default");
 * ```
 * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
 * @see https://www.rfc-editor.org/rfc/rfc7523
 */
export class WorkloadIdentityCredential implements TokenCredential {
  /**
   * Reads settings from the options and, if omitted, from environment variables. Reads no file and sends no request.
   *
   * @param options override the environment
   * @param runtime files, variables and connections
   * @throws {CredentialUnavailableError} `client_id_missing`, `tenant_id_missing`, `token_file_path_missing`: neither
   * option nor variable is set; `client_id_invalid`, `tenant_id_invalid`, `token_file_path_invalid`, `authority_invalid`:
   * the variable is invalid;
   * `identity_binding_invalid`: the variables of the identity binding are invalid, or the runtime does not support it
   * @throws {TypeError} an option is invalid
   */
  constructor(options: WorkloadIdentityCredentialOptions, runtime: Runtime) {
    const clock = SteadyClock.of(runtime.clock ?? systemClock);
    const config = resolveConfig(options, runtime, clock);
    const transport = createTransport(config, runtime, clock);
    const cache = new TokenCache(config.maxCachedTokens);
    const limiter = (config.getAssertion && ExchangeLimiter.of(config.getAssertion)) ??
      new ExchangeLimiter(config.maxConcurrentExchanges);
    limiter.assignTo(this);
    const acquisition = new TokenAcquisition(config, runtime, transport, clock, cache, limiter);
    const state: State = { clock, cache, acquisition, events: config.events };
    Object.defineProperty(this, STATE, { value: () => state });
  }

  /**
   * Returns an access token: the cached one while it is fresh, the cached one with a refresh in the background when it is
   * due, and otherwise the result of one exchange that all concurrent callers share. A failed
   * refresh does not fail the call while a cached token is valid, unless the call has `claims`.
   *
   * @param scopes one resource followed by `/.default`, such as `https://vault.azure.net/.default`
   * @param options when to end the call, and which token it needs
   * @returns the same frozen object for every caller while it is cached
   * @throws {CredentialUnavailableError} authentication failed; its `code` is one of `tenant_not_allowed`,
   * `token_file_unreadable`, `token_file_empty`, `token_file_too_large`, `token_file_not_a_jwt`,
   * `assertion_callback_failed`, `permission_denied`, `identity_binding_invalid`, `network_failed`,
   * `certificate_refused`, `timeout`, `entra_rejected`, `entra_throttled`, `entra_unavailable`, `response_invalid`,
   * `response_too_large`, `redirect_refused`, or that of a failed `getAssertion`
   * @throws {TypeError} the scopes or the options are invalid; nothing was sent
   * @throws the reason of `abortSignal`, or an `AbortError`: the caller aborted
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
   */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    try {
      const { clock, cache, acquisition } = stateOf(this);
      const entry = cache.find(scopes, options);
      if (entry?.isFresh(clock) && !options?.abortSignal?.aborted) return entry.promise!;
      return acquisition.acquire(entry, scopes, options ?? {});
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Adds a listener for the events that the option `onEvent` also receives.
   *
   * @param listener called with each event
   * @returns a function that ends the subscription
   */
  subscribe(listener: EventListener): () => void {
    return stateOf(this).events.subscribe(listener);
  }
}
