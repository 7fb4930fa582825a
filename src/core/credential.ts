import { createTransport } from "./acquisition/transport.ts";
import { systemClock } from "./clock.ts";
import { type Config, resolveConfig } from "./settings/config.ts";
import type { EventListener } from "./contract/events.ts";
import type { WorkloadIdentityCredentialOptions } from "./contract/options.ts";
import type { Clock, Runtime } from "./contract/runtime.ts";
import { TokenCache } from "./token_cache.ts";
import { TokenAcquisition } from "./acquisition/token_acquisition.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "./contract/token_credential.ts";

/**
 * Trades the service-account token that a cluster projects into a pod for access tokens of Microsoft Entra, and keeps
 * them fresh. Tokens are cached in this instance only: make one and share it.
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
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #cache = new TokenCache();
  readonly #acquisition: TokenAcquisition;

  /**
   * Reads the environment for what the options leave out; no file, no network.
   *
   * @param runtime what the place it runs in lends
   * @throws {CredentialUnavailableError} `client_id_missing`, `tenant_id_missing`, `token_file_path_missing`: neither
   * option nor variable is set; `tenant_id_invalid`, `authority_invalid`: the variable is malformed
   * @throws {TypeError} an option has the wrong form
   */
  constructor(options: WorkloadIdentityCredentialOptions, runtime: Runtime) {
    this.#clock = runtime.clock ?? systemClock;
    this.#config = resolveConfig(options, runtime, this.#clock);
    const transport = createTransport(this.#config, runtime);
    this.#acquisition = new TokenAcquisition(this.#config, runtime, transport, this.#clock, this.#cache);
  }

  /**
   * Gives an access token: from the cache while it is fresh, renewed behind the caller when it is due, and with one
   * exchange for however many callers when there is none. Fails only with nothing valid to give.
   *
   * @param scopes one resource and `/.default`, such as `https://vault.azure.net/.default`
   * @returns the same frozen object for every caller while it is cached
   * @throws {CredentialUnavailableError} authentication failed; its `code` says why, its `message` what to change:
   * `tenant_not_allowed`, `token_file_unreadable`, `token_file_empty`, `token_file_too_large`,
   * `token_file_not_a_jwt`, `assertion_callback_failed`, `permission_denied`, `network_failed`,
   * `certificate_refused`, `timeout`, `entra_rejected`, `entra_throttled`, `entra_unavailable`, `response_invalid`,
   * `response_too_large`, `redirect_refused`
   * @throws {TypeError} scopes or options have the wrong form; nothing was sent
   * @throws the reason of `abortSignal`, or an `AbortError`: the caller aborted
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
   */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    try {
      const entry = this.#cache.find(scopes, options);
      if (entry !== undefined) {
        const now = this.#clock.now();
        entry.touch(now);
        if (entry.isFresh(now) && !options?.abortSignal?.aborted) return entry.promise!;
      }
      return this.#acquisition.acquire(entry, scopes, options ?? {});
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Tells a listener what `onEvent` is told, from now on.
   *
   * @returns ends it
   */
  subscribe(listener: EventListener): () => void {
    const { listeners } = this.#config.events;
    const own: EventListener = (event) => listener(event);
    listeners.add(own);
    return () => void listeners.delete(own);
  }
}
