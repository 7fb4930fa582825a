import type { FetchLike, Runtime } from "../contract/runtime.ts";
import type { AccessToken, GetTokenOptions } from "../contract/token_credential.ts";
import { Failure } from "../failure.ts";
import { FileReads } from "../file_reads.ts";
import { RetryBudget } from "../failure/retry_budget.ts";
import type { SteadyClock } from "../clock.ts";
import { type ExchangeLimiter, Place } from "../exchange_limiter.ts";
import type { Config } from "../settings/config.ts";
import type { CacheEntry, TokenCache } from "../token_cache.ts";
import { MAX_BYTES } from "./assertion.ts";
import { ErrorReporter, loadDiagnosis, loadedDiagnosis } from "./error_reporter.ts";
import { exchange } from "./exchange.ts";
import { notifyEnd } from "./exchange_events.ts";
import type { CredentialContext, ExchangeState } from "./exchange_state.ts";
import {
  checkSignal,
  DEFAULT_DEMAND,
  type Demand,
  parseGetTokenCall,
  parseTimeout,
} from "./get_token_call.ts";
import { COOLDOWN_IN_MS } from "./refresh_policy.ts";
import { abortReason, Exchange } from "./single_flight.ts";

/** Delay between the first token and loading the diagnosis, so that callers with a token come first. */
const DIAGNOSIS_DELAY_IN_MS = 1_000;

/** Obtains the token of a call that the cache cannot serve at once. */
export class TokenAcquisition {
  readonly #context: CredentialContext;
  readonly #cache: TokenCache;
  readonly #errors: ErrorReporter;
  readonly #limiter: ExchangeLimiter;
  #succeeded = false;
  #exchanges = 0;

  constructor(
    config: Config,
    runtime: Runtime,
    fetch: FetchLike,
    clock: SteadyClock,
    cache: TokenCache,
    limiter: ExchangeLimiter,
  ) {
    this.#context = {
      config,
      runtime,
      fetch,
      clock,
      files: new FileReads(runtime, clock, MAX_BYTES),
      random: runtime.random ?? Math.random,
      retryBudget: new RetryBudget(config.retry.maxRetries, clock.monotonic()),
    };
    this.#cache = cache;
    this.#limiter = limiter;
    this.#errors = new ErrorReporter(config, runtime, clock);
  }

  /**
   * Returns a token: the cached one, refreshed in the background when it is due, or the result of an exchange.
   *
   * @param known the entry of the call, if a call like it was seen before
   * @throws the errors of `getToken`
   */
  acquire(
    known: CacheEntry | undefined,
    scopes: string | string[],
    options: GetTokenOptions,
  ): Promise<AccessToken> {
    const { config, clock } = this.#context;
    const { abortSignal, requestOptions, tracingOptions } = options;
    checkSignal(abortSignal);
    if (abortSignal?.aborted) throw abortReason(abortSignal);
    const timeoutInMs = parseTimeout(requestOptions?.timeout);
    const { tracingContext } = tracingOptions ?? {};
    const tracing = tracingContext && { tracingContext };
    const call = known ? undefined : parseGetTokenCall(scopes, options, config);
    const until = clock.monotonic() + timeoutInMs;
    if (call?.rejection) {
      return this.#errors.explain(call.rejection, call.parameters, this.#begin(0), until)
        .then((error) => Promise.reject(error));
    }
    const entry = known ?? this.#cache.entry(call!.key, call!.parameters);
    const demand = call?.demand ?? DEFAULT_DEMAND;
    if (call && demand === DEFAULT_DEMAND) this.#cache.learn(call.spelling, entry);
    const decision = entry.decide(demand, clock);
    const running = entry.exchanges?.get(demand.variant);
    if (decision.action !== "wait") {
      const { isShort } = decision;
      if (decision.action === "serve_and_refresh") this.#launch(entry, demand, true, isShort, tracing);
      else if (isShort) running?.place.promote();
      entry.serve(decision.freshUntil, clock);
      return entry.promise!;
    }
    if (running) {
      running.place.promote();
      config.events.notify?.({ type: "exchange_joined", exchangeId: running.id, ...tracing });
    }
    const joined = running ?? this.#launch(entry, demand, false, true, tracing);
    return joined.join({ signal: abortSignal, until: Math.min(until, decision.until) });
  }

  #begin(exchangeId: number): ExchangeState {
    return {
      exchangeId,
      startedAt: this.#context.clock.monotonic(),
      attempts: 0,
      retries: 0,
      assertion: "",
      correlationId: "",
      hasReadAgain: false,
    };
  }

  /** Starts an exchange; the entry keeps it until it ends. */
  #launch(
    entry: CacheEntry,
    demand: Demand,
    background: boolean,
    isUrgent: boolean,
    tracing: GetTokenOptions["tracingOptions"],
  ): Exchange<AccessToken> {
    const { config, clock } = this.#context;
    const { notify } = config.events;
    const { variant, claims } = demand;
    const { writes, throttle } = entry;
    const parameters = claims === undefined ? entry.parameters : { ...entry.parameters, claims };
    const place = new Place(this.#limiter, isUrgent);
    const state = this.#begin(++this.#exchanges);
    const { exchangeId, startedAt } = state;
    const running = new Exchange<AccessToken>({
      id: exchangeId,
      clock,
      background,
      place,
      // An entry without a token leaves the cache when its exchange fails, and a later exchange has another entry.
      fallback: () =>
        demand.needsNewToken
          ? undefined
          : entry.validToken(clock) ?? this.#cache.validToken(entry.key, clock),
      explain: (failure, until) => this.#errors.explain(failure, parameters, state, until),
      onEnd: (outcome, awaited) => {
        const failure = outcome instanceof Failure ? outcome : awaited;
        // The state is written before listeners are called, because they may call `getToken`.
        // An exchange without a request does not prolong the wait of an earlier `Retry-After`.
        if (failure && state.attempts > 0) entry.throttleAfter(failure, clock);
        if (outcome instanceof Failure) entry.coolDown(clock);
        this.#cache.endExchange(entry, variant);
        if (!notify) return;
        notifyEnd(notify, outcome, state, clock);
        if (!(outcome instanceof Failure) || !entry.validToken(clock)) return;
        const { code } = outcome;
        notify({ type: "refresh_deferred", exchangeId, code, delayInMs: COOLDOWN_IN_MS });
      },
    });
    this.#cache.startExchange(entry, variant, running);
    if (notify) {
      const { scopes, authority, tenantId, clientId } = parameters;
      const forced = demand.cachePolicy === "bypass";
      notify({
        type: "exchange_started",
        exchangeId,
        background,
        ...{ scopes, authority, tenantId, clientId, forced },
        ...tracing,
      });
    }
    const earlier = throttle && startedAt < throttle.until
      ? { failure: throttle.failure, delayInMs: Math.ceil(throttle.until - startedAt) }
      : undefined;
    running.start(async () => {
      // Wait here, where 10,000 waiting exchanges need the least memory.
      if (!earlier && !place.take()) await place.waitFor();
      const token = await exchange(
        {
          parameters,
          succeededBefore: this.#succeeded,
          state,
          waiters: running,
          place,
          // Last, because Node 20 creates a hidden class for each copy with more properties, in 7 µs.
          ...this.#context,
        },
        earlier,
      );
      this.#noteSuccess();
      // A token that satisfies a challenge replaces any that does not. Else, an exchange that began before the last write is
      // not newer than it.
      const isNewest = demand.needsNewToken ? exchangeId > entry.challengedBy : entry.writes === writes;
      if (isNewest) entry.write(token, clock);
      if (isNewest && demand.needsNewToken) entry.challengedBy = exchangeId;
      return token;
    });
    return running;
  }

  /** Loads the diagnosis for later failures in the background. The timer does not keep the process alive. */
  #noteSuccess(): void {
    const { clock, retryBudget } = this.#context;
    if (!this.#succeeded && !loadedDiagnosis()) {
      clock.setTimeout(() => void loadDiagnosis(), DIAGNOSIS_DELAY_IN_MS);
    }
    this.#succeeded = true;
    retryBudget.noteSuccess(clock.monotonic());
  }
}
