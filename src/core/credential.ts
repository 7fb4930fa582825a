import { systemClock } from "./clock.ts";
import { type Config, resolveConfig } from "./config.ts";
import type { EventListener } from "./events.ts";
import type { Progress } from "./exchange_context.ts";
import { reportEnd } from "./exchange_events.ts";
import { Failure } from "./failure.ts";
import { lazy } from "./lazy.ts";
import type { WorkloadIdentityCredentialOptions } from "./options.ts";
import type { Clock, Runtime } from "./runtime.ts";
import { abortReason, Flight } from "./single_flight.ts";
import { COOLDOWN_IN_MS, isWithin, type Slot, TokenCache } from "./token_cache.ts";
import { type Demand, parseTimeout, parseTokenCall, PLAIN, type TokenCall } from "./token_call.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "./token_credential.ts";
import type { TokenRequest } from "./token_request.ts";

/** A program that starts and needs no token yet pays for neither. */
const exchangePath = lazy(() => import("./exchange.ts"));
const failurePath = lazy(() => import("./failure_path.ts"));

/** With less than this left, callers wait for a new token. */
const SHORT_IN_MS = 30_000;
/** Nobody waits longer than until this much is left of a token that is still valid. */
const LAST_IN_MS = 5_000;

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
  readonly #runtime: Runtime;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #cache = new TokenCache();
  #succeeded = false;
  #exchanges = 0;

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
    this.#runtime = runtime;
    this.#random = runtime.random ?? Math.random;
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
      const slot = this.#cache.find(scopes, options);
      if (slot !== undefined) {
        const now = this.#clock.now();
        slot.use(now);
        if (slot.isQuiet(now) && !options?.abortSignal?.aborted) return slot.promise!;
      }
      return this.#obtain(slot, scopes, options ?? {});
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
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  #obtain(
    known: Slot | undefined,
    scopes: string | string[],
    options: GetTokenOptions,
  ): Promise<AccessToken> {
    const { abortSignal, requestOptions, tracingOptions } = options;
    if (abortSignal?.aborted) throw abortReason(abortSignal);
    const timeoutInMs = parseTimeout(requestOptions?.timeout);
    const call = known ? undefined : parseTokenCall(scopes, options, this.#config);
    if (call?.refusal) {
      return this.#explain(call.refusal, call.request, this.#begin(0)).then((error) => Promise.reject(error));
    }
    const [slot, demand] = call ? [this.#slotOf(call, scopes, options), call.demand] : [known!, PLAIN];
    const now = this.#clock.now();
    slot.use(now);

    const held = demand.claims === undefined ? slot.held(now) : undefined;
    // A caller with a valid token waits for a better one until this moment at most.
    const spare = held ? held.expiresOnTimestamp - LAST_IN_MS : -Infinity;
    if (held && demand.variant === "") {
      if (slot.isQuiet(now)) return slot.promise!;
      const mayRenew = !isWithin(slot.cooldown, now) && !isWithin(slot.retryAfter, now);
      const isShort = held.expiresOnTimestamp - now < SHORT_IN_MS;
      if (!mayRenew || !isShort || spare <= now) {
        if (mayRenew && !slot.flights.has("")) this.#launch(slot, demand, true, tracingOptions);
        const { expiresOnTimestamp } = held;
        slot.keepQuiet(isShort ? expiresOnTimestamp : expiresOnTimestamp - SHORT_IN_MS, now);
        return slot.promise!;
      }
    }
    const running = slot.flights.get(demand.variant);
    const flight = running ?? this.#launch(slot, demand, false, tracingOptions);
    if (running) {
      this.#config.events.emit?.({ type: "exchange_joined", exchangeId: running.id, ...tracingOptions });
    }
    const until = Math.min(now + timeoutInMs, spare > now ? spare : Infinity);
    return flight.join({ signal: abortSignal, until });
  }

  #slotOf({ key, request, demand }: TokenCall, scopes: string | string[], options: GetTokenOptions): Slot {
    const slot = this.#cache.slot(key, request);
    if (demand === PLAIN && options.tenantId === undefined) this.#cache.learn(scopes, options, slot);
    return slot;
  }

  #begin(exchangeId: number): Progress {
    const startedAt = this.#clock.now();
    return {
      exchangeId,
      startedAt,
      attempts: 0,
      retries: 0,
      assertion: "",
      correlationId: "",
      hasReadAgain: false,
    };
  }

  async #explain(failure: Failure, request: TokenRequest, progress: Progress): Promise<Error> {
    const now = this.#clock.now();
    const { describeFailure } = await failurePath();
    return describeFailure(failure, this.#config, request, progress, now, this.#runtime);
  }

  /** Starts an exchange; the slot holds it until it ends. */
  #launch(
    slot: Slot,
    demand: Demand,
    background: boolean,
    tracing: GetTokenOptions["tracingOptions"],
  ): Flight<AccessToken> {
    const clock = this.#clock;
    const { emit } = this.#config.events;
    const { variant, claims } = demand;
    const { writes, retryAfter } = slot;
    const request = claims === undefined ? slot.request : { ...slot.request, claims };
    const exchangeId = ++this.#exchanges;
    const progress = this.#begin(exchangeId);
    const { startedAt } = progress;
    const flight = new Flight<AccessToken>({
      id: exchangeId,
      clock,
      background,
      fallback: () => claims === undefined ? slot.held(clock.now()) : undefined,
      explain: (failure) => this.#explain(failure, request, progress),
      onEnd: (outcome, awaited) => {
        const now = clock.now();
        slot.land(variant);
        if (emit) reportEnd(emit, outcome, progress, now);
        const failure = outcome instanceof Failure ? outcome : awaited;
        // What an earlier exchange was told holds as it stands; a wait that it cut short draws nothing out.
        if (failure && progress.attempts > 0) slot.holdBack(failure, now);
        if (!(outcome instanceof Failure)) return;
        slot.coolDown(now);
        const { code } = outcome;
        if (slot.held(now)) emit?.({ type: "refresh_deferred", exchangeId, code, delayInMs: COOLDOWN_IN_MS });
      },
    });
    slot.flights.set(variant, flight);
    if (emit) {
      const { scopes, authority, tenantId, clientId } = request;
      const asked = { scopes, authority, tenantId, clientId, forced: variant !== "", ...tracing };
      emit({ type: "exchange_started", exchangeId, background, ...asked });
    }
    flight.start(async () => {
      const { exchange } = await exchangePath();
      const token = await exchange(
        {
          config: this.#config,
          runtime: this.#runtime,
          clock,
          random: this.#random,
          request,
          succeededBefore: this.#succeeded,
          progress,
          audience: flight,
        },
        isWithin(retryAfter, startedAt)
          ? { failure: retryAfter.failure, delayInMs: retryAfter.until - startedAt }
          : undefined,
      );
      this.#succeeded = true;
      // An exchange that began before the last write is not newer than it.
      if (slot.writes === writes) slot.write(token, clock.now());
      return token;
    });
    return flight;
  }
}
