import type { TokenParameters } from "./acquisition/token_request.ts";
import {
  CLOCK_CORRECTION_IN_MS,
  COOLDOWN_IN_MS,
  type EntryState,
  LONGEST_RETRY_AFTER_IN_MS,
  type Span,
} from "./acquisition/refresh_policy.ts";
import type { Exchange } from "./acquisition/single_flight.ts";
import type { AccessToken, GetTokenOptions } from "./contract/token_credential.ts";
import type { Failure } from "./failure.ts";

const MAX_ENTRIES = 1000;

/** Everything about one key: its token, the exchanges that run for it, and what delays the next one. */
export class CacheEntry implements EntryState {
  readonly parameters: TokenParameters;
  /** Running exchanges by the variant of the call. */
  readonly exchanges: Map<string, Exchange<AccessToken>> = new Map();
  token: AccessToken | undefined;
  /** Settled with the token, and returned to every caller while the token is fresh. */
  promise: Promise<AccessToken> | undefined;
  freshUntil: number = -Infinity;
  cooldown: Span | undefined;
  throttle: (Span & { readonly failure: Failure }) | undefined;
  /** The latest time of a call, or of the last write. */
  usedAt: number = 0;
  /** How often the token was replaced. */
  writes: number = 0;
  /** The newest exchange whose token answered a claims challenge and was written. */
  challengedBy: number = 0;
  #dueAt = -Infinity;

  constructor(parameters: TokenParameters) {
    this.parameters = parameters;
  }

  get expiresOnTimestamp(): number | undefined {
    return this.token?.expiresOnTimestamp;
  }

  get isRefreshing(): boolean {
    return this.exchanges.has("");
  }

  /** Notes a call. After a clock has gone back, the token is due: its age is no longer known. */
  touch(now: number): void {
    if (now < this.usedAt - CLOCK_CORRECTION_IN_MS) {
      this.#dueAt = this.freshUntil = -Infinity;
      this.usedAt = now;
    } else if (now > this.usedAt) this.usedAt = now;
  }

  /** Returns whether callers get the token without another look. */
  isFresh(now: number): boolean {
    return now < this.freshUntil;
  }

  /** Returns the token if it has not expired. */
  validToken(now: number): AccessToken | undefined {
    return this.token !== undefined && now < this.token.expiresOnTimestamp ? this.token : undefined;
  }

  write(token: AccessToken, now: number): void {
    this.token = token;
    this.promise = Promise.resolve(token);
    this.usedAt = now;
    this.#dueAt = this.freshUntil = token.refreshAfterTimestamp!;
    this.writes++;
    this.cooldown = this.throttle = undefined;
  }

  /** Notes that an exchange has ended, with a token or without. */
  endExchange(variant: string): void {
    this.exchanges.delete(variant);
    this.freshUntil = this.#dueAt;
  }

  /** Notes a failed refresh. */
  coolDown(now: number): void {
    this.cooldown = { since: now, until: now + COOLDOWN_IN_MS };
  }

  /** Keeps when the server said to retry, for callers without a token too. */
  throttleAfter(failure: Failure, now: number): void {
    const { retryAfterInMs, retryInMs } = failure.facts;
    if (!retryAfterInMs) return;
    const delay = Math.min(retryInMs ?? retryAfterInMs, LONGEST_RETRY_AFTER_IN_MS);
    this.throttle = { since: now, until: now + delay, failure };
  }
}

/** Entries by key, at most 1,000: those without a token are evicted first, then about the least recently used. */
export class TokenCache {
  readonly #entries = new Map<string, CacheEntry>();
  /** Entries by the scopes as callers write them: the shortest path to a cached token. */
  readonly #shortcuts = new Map<string, CacheEntry>();
  readonly #caeShortcuts = new Map<string, CacheEntry>();

  /** Returns the entry of a call that was learned. Only a call that the cache may serve has a shortcut. */
  find(scopes: string | string[], options: GetTokenOptions | undefined): CacheEntry | undefined {
    const text = typeof scopes === "string" ? scopes : Array.isArray(scopes) ? scopes.join(" ") : "";
    if (!options) return this.#shortcuts.get(text);
    if (options.claims || options.forceRefresh || options.tenantId !== undefined) return undefined;
    if (options.fmiPath !== undefined) return undefined;
    return (options.enableCae ? this.#caeShortcuts : this.#shortcuts).get(text);
  }

  /** Remembers the entry of a call for `find`. */
  learn(scopes: string | string[], options: GetTokenOptions, entry: CacheEntry): void {
    const text = typeof scopes === "string" ? scopes : scopes.join(" ");
    const shortcuts = options.enableCae ? this.#caeShortcuts : this.#shortcuts;
    if (shortcuts.size >= MAX_ENTRIES) shortcuts.clear();
    shortcuts.set(text, entry);
  }

  /** Returns the entry of a key, and creates it if there is none. */
  entry(key: string, parameters: TokenParameters): CacheEntry {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      if (this.#entries.size >= MAX_ENTRIES) this.#evict();
      entry = new CacheEntry(parameters);
      this.#entries.set(key, entry);
    }
    return entry;
  }

  /** Makes room for one entry. One with a running exchange stays. */
  #evict(): void {
    let oldest: string | undefined;
    let least = Infinity;
    for (const [key, entry] of this.#entries) {
      if (entry.exchanges.size > 0) continue;
      const rank = entry.token === undefined ? -1 : entry.usedAt;
      if (rank < least) [oldest, least] = [key, rank];
    }
    if (oldest === undefined) return;
    this.#entries.delete(oldest);
    this.#shortcuts.clear();
    this.#caeShortcuts.clear();
  }
}
