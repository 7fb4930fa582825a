import {
  type CacheDemand,
  COOLDOWN_IN_MS,
  decide,
  type Decision,
  LONGEST_RETRY_AFTER_IN_MS,
} from "./acquisition/refresh_policy.ts";
import type { Exchange } from "./acquisition/single_flight.ts";
import type { TokenParameters } from "./acquisition/token_endpoint.ts";
import { CallShortcuts, type Spelling } from "./call_shortcuts.ts";
import { asksForProofOfPossession } from "./acquisition/get_token_call.ts";
import type { SteadyClock } from "./clock.ts";
import type { AccessToken, GetTokenOptions } from "./contract/token_credential.ts";
import type { Failure } from "./failure.ts";
import { LinkedList, ListElement } from "./linked_list.ts";

/** The number of spellings of one key that are recognised without parsing. */
const MAX_SPELLINGS = 8;

/** The state of one key: its token, its running exchanges, and what delays the next one. */
export class CacheEntry extends ListElement {
  readonly key: string;
  readonly parameters: TokenParameters;
  /** Running exchanges by the variant of the call; undefined while none is running. */
  exchanges: Map<string, Exchange<AccessToken>> | undefined;
  /** Every spelling under which calls find this entry. */
  spellings: LearnedSpelling | undefined;
  spellingCount: number = 0;
  token: AccessToken | undefined;
  /** Resolved with the token; every caller gets it while the token is fresh. */
  promise: Promise<AccessToken> | undefined;
  /** The time until which a server requested to wait, by the monotonic clock. */
  throttle: { readonly until: number; readonly failure: Failure } | undefined;
  /** The number of times that the token was replaced. */
  writes: number = 0;
  /** The newest exchange whose token satisfied a claims challenge and was written. */
  challengedBy: number = 0;
  /** By the wall clock. */
  #freshUntil = -Infinity;
  /** When the token expires by the monotonic clock. */
  #expiresAt = -Infinity;
  #cooldownUntil: number | undefined;
  /** The clock's count of set-backs when the token was written, or when a step was found later. */
  #setBacks = 0;
  /** True if the clock has been set back since the token was written. Then the token is due, whatever its times. */
  #isDue = false;

  constructor(key: string, parameters: TokenParameters) {
    super();
    this.key = key;
    this.parameters = parameters;
  }

  /** Returns whether callers get the token without a decision. Reads only the wall clock. */
  isFresh(clock: SteadyClock): boolean {
    return clock.now() < this.#freshUntil && clock.setBacks === this.#setBacks;
  }

  /** Returns the token if it has not expired by either clock. */
  validToken(clock: SteadyClock): AccessToken | undefined {
    const { token } = this;
    if (token === undefined || clock.now() >= token.expiresOnTimestamp) return undefined;
    return clock.monotonic() < this.#expiresAt ? token : undefined;
  }

  /** Returns the decision for a call. */
  decide(demand: CacheDemand, clock: SteadyClock): Decision {
    const now = clock.now();
    const monotonicTime = clock.monotonic();
    if (clock.setBacks !== this.#setBacks) {
      this.#setBacks = clock.setBacks;
      this.#isDue = true;
      this.#freshUntil = -Infinity;
    }
    const { token } = this;
    const offset = monotonicTime - now;
    const state = {
      expiresAt: token && Math.min(this.#expiresAt, token.expiresOnTimestamp + offset),
      freshUntil: this.#freshUntil + offset,
      cooldownUntil: this.#cooldownUntil,
      throttledUntil: this.throttle?.until,
      isRefreshing: this.exchanges?.has("") ?? false,
    };
    return decide(state, demand, monotonicTime);
  }

  /** Makes the token fresh, so that callers get it without a decision. */
  serve(freshUntil: number, clock: SteadyClock): void {
    this.#freshUntil = freshUntil - clock.monotonic() + clock.now();
  }

  write(token: AccessToken, clock: SteadyClock): void {
    this.token = token;
    this.promise = Promise.resolve(token);
    this.#freshUntil = token.refreshAfterTimestamp!;
    this.#expiresAt = token.expiresOnTimestamp - clock.now() + clock.monotonic();
    this.#setBacks = clock.setBacks;
    this.#isDue = false;
    this.writes++;
    this.throttle = this.#cooldownUntil = undefined;
  }

  /** Removes an exchange that has ended, with a token or without. */
  endExchange(variant: string): void {
    this.exchanges?.delete(variant);
    if (this.exchanges?.size === 0) this.exchanges = undefined;
    if (this.token && !this.#isDue) this.#freshUntil = this.token.refreshAfterTimestamp!;
    else this.#freshUntil = -Infinity;
  }

  /** Records a failed refresh. */
  coolDown(clock: SteadyClock): void {
    this.#cooldownUntil = clock.monotonic() + COOLDOWN_IN_MS;
  }

  /** Records the time from which the server allows a retry, also for callers without a token. */
  throttleAfter(failure: Failure, clock: SteadyClock): void {
    const { retryAfterInMs, retryInMs } = failure.facts;
    if (!retryAfterInMs) return;
    const delayInMs = Math.min(retryInMs ?? retryAfterInMs, LONGEST_RETRY_AFTER_IN_MS);
    this.throttle = { until: clock.monotonic() + delayInMs, failure };
  }
}

/** A spelling that leads to an entry, linked to the one learned before it. */
interface LearnedSpelling extends Spelling {
  readonly before: LearnedSpelling | undefined;
}

/**
 * Entries by key. The least recently used one is evicted when there are too many. An entry with a running exchange is not
 * counted and stays, so that callers can join the exchange; it counts as used when its last exchange ends.
 */
export class TokenCache {
  readonly #limit: number;
  readonly #entries = new Map<string, CacheEntry>();
  /** Entries without a running exchange, the least recently used one first. */
  readonly #idle = new LinkedList<CacheEntry>();
  readonly #shortcuts = new CallShortcuts<CacheEntry>();
  #caeShortcuts: CallShortcuts<CacheEntry> | undefined;
  /** The last call with scopes alone, and its entry: many credentials are always called with the same scopes. */
  #lastScopes: string | undefined;
  #lastEntry: CacheEntry | undefined;

  /** @param limit the number of entries without a running exchange */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns the entry of a repeated call, if the cache may serve it. */
  find(scopes: string | string[], options: GetTokenOptions | undefined): CacheEntry | undefined {
    const text = typeof scopes === "string" ? scopes : Array.isArray(scopes) ? scopes.join(" ") : "";
    if (!options) return this.#use(text === this.#lastScopes ? this.#lastEntry : this.#findPlain(text));
    if (options.claims || options.forceRefresh || asksForProofOfPossession(options)) return undefined;
    const { enableCae, tenantId, fmiPath } = options;
    const shortcuts = enableCae ? this.#caeShortcuts : this.#shortcuts;
    if (fmiPath !== undefined) return this.#use(shortcuts?.fmiPaths?.get(text)?.get(tenantId)?.get(fmiPath));
    if (tenantId !== undefined) return this.#use(shortcuts?.tenants?.get(text)?.get(tenantId));
    return this.#use(shortcuts?.plain.get(text));
  }

  /** Remembers the entry of a call for `find`. */
  learn(spelling: Spelling, entry: CacheEntry): void {
    if (entry.spellingCount >= MAX_SPELLINGS) return;
    const { scopes, tenantId, fmiPath, cae } = spelling;
    this.#shortcutsOf(cae).add(spelling, entry);
    // V8 would make a hidden class for each copy by `...spelling`, of 270 bytes.
    entry.spellings = { scopes, tenantId, fmiPath, cae, before: entry.spellings };
    entry.spellingCount++;
  }

  /** Returns the entry of a key, and creates it if there is none. */
  entry(key: string, parameters: TokenParameters): CacheEntry {
    const entry = this.#use(this.#entries.get(key));
    if (entry !== undefined) return entry;
    const created = new CacheEntry(key, parameters);
    this.#entries.set(key, created);
    this.#idle.append(created);
    return created;
  }

  /** Returns the valid token of a key, if there is one. */
  validToken(key: string, clock: SteadyClock): AccessToken | undefined {
    return this.#entries.get(key)?.validToken(clock);
  }

  startExchange(entry: CacheEntry, variant: string, exchange: Exchange<AccessToken>): void {
    if (entry.exchanges === undefined) {
      this.#idle.remove(entry);
      entry.exchanges = new Map();
    }
    entry.exchanges.set(variant, exchange);
  }

  endExchange(entry: CacheEntry, variant: string): void {
    entry.endExchange(variant);
    if (entry.exchanges !== undefined) return;
    this.#idle.append(entry);
    if (entry.token === undefined && entry.throttle === undefined) this.#evict(entry);
    while (this.#idle.size > this.#limit) this.#evict(this.#idle.first!);
  }

  #shortcutsOf(cae: boolean): CallShortcuts<CacheEntry> {
    return cae ? this.#caeShortcuts ??= new CallShortcuts() : this.#shortcuts;
  }

  #findPlain(scopes: string): CacheEntry | undefined {
    const entry = this.#shortcuts.plain.get(scopes);
    if (entry !== undefined) {
      this.#lastScopes = scopes;
      this.#lastEntry = entry;
    }
    return entry;
  }

  #use(entry: CacheEntry | undefined): CacheEntry | undefined {
    const isIdle = entry !== undefined && entry.exchanges === undefined;
    if (isIdle && entry !== this.#idle.last) this.#idle.moveToEnd(entry);
    return entry;
  }

  #evict(entry: CacheEntry): void {
    this.#lastScopes = this.#lastEntry = undefined;
    this.#entries.delete(entry.key);
    this.#idle.remove(entry);
    for (let spelling = entry.spellings; spelling; spelling = spelling.before) {
      this.#shortcutsOf(spelling.cae).remove(spelling);
    }
  }
}
