import type { Config } from "../settings/config.ts";
import { exchange } from "./exchange.ts";
import type { Progress } from "./exchange_state.ts";
import { reportEnd } from "./exchange_events.ts";
import { Failure } from "../failure.ts";
import { SHORT_IN_MS } from "./refresh_policy.ts";
import { lazy } from "../lazy.ts";
import type { Clock, Runtime } from "../contract/runtime.ts";
import { abortReason, Flight } from "./single_flight.ts";
import { COOLDOWN_IN_MS, isWithin, type Slot, type TokenCache } from "../token_cache.ts";
import {
  checkSignal,
  type Demand,
  parseTimeout,
  parseTokenCall,
  PLAIN,
  type TokenCall,
} from "./get_token_call.ts";
import type { AccessToken, GetTokenOptions } from "../contract/token_credential.ts";
import type { TokenRequest } from "./token_request.ts";

const failurePath = lazy(() => import("../failure/failure_path.ts"));

/** Nobody waits longer than until this much is left of a token that is still valid. */
const LAST_IN_MS = 5_000;

/** What one credential does for a call that its cache does not answer at once: when to wait, to renew, or to ask. */
export class TokenAcquisition {
  readonly #config: Config;
  readonly #runtime: Runtime;
  readonly #clock: Clock;
  readonly #cache: TokenCache;
  readonly #random: () => number;
  #succeeded = false;
  #exchanges = 0;

  constructor(config: Config, runtime: Runtime, clock: Clock, cache: TokenCache) {
    this.#config = config;
    this.#runtime = runtime;
    this.#clock = clock;
    this.#cache = cache;
    this.#random = runtime.random ?? Math.random;
  }

  /**
   * Gives a token: what is held, renewed behind the caller when it is due, or what an exchange brings.
   *
   * @param known the call's slot, where a call like it was seen before
   * @throws what `getToken` rejects with
   */
  acquire(
    known: Slot | undefined,
    scopes: string | string[],
    options: GetTokenOptions,
  ): Promise<AccessToken> {
    const { abortSignal, requestOptions, tracingOptions } = options;
    checkSignal(abortSignal);
    if (abortSignal?.aborted) throw abortReason(abortSignal);
    const timeoutInMs = parseTimeout(requestOptions?.timeout);
    const { tracingContext } = tracingOptions ?? {};
    const tracing = tracingContext && { tracingContext };
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
        if (mayRenew && !slot.flights.has("")) this.#launch(slot, demand, true, tracing);
        const { expiresOnTimestamp } = held;
        slot.keepQuiet(isShort ? expiresOnTimestamp : expiresOnTimestamp - SHORT_IN_MS, now);
        return slot.promise!;
      }
    }
    const running = slot.flights.get(demand.variant);
    const flight = running ?? this.#launch(slot, demand, false, tracing);
    if (running) {
      this.#config.events.emit?.({ type: "exchange_joined", exchangeId: running.id, ...tracing });
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
