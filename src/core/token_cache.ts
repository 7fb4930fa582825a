import type { Failure } from "./failure.ts";
import type { Flight } from "./acquisition/single_flight.ts";
import type { AccessToken, GetTokenOptions } from "./contract/token_credential.ts";
import type { TokenRequest } from "./acquisition/token_request.ts";

const MOST_SLOTS = 1000;
/** After a failed renewal the next one starts no sooner, while there is a valid token. */
export const COOLDOWN_IN_MS = 30_000;
/** A server's wish to be left alone is kept no longer. */
const LONGEST_RETRY_AFTER_IN_MS = 3_600_000;

/** Clocks are set back by less every day, and no token is renewed for that. */
const CORRECTION_IN_MS = 1_000;

/** A span of time; a clock that goes back before its start ends it too. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** Whether a span is running. */
export function isWithin(span: Span | undefined, now: number): span is Span {
  return span !== undefined && span.since <= now && now < span.until;
}

/** Everything about one key: its token, what runs for it, and what to hold back. */
export class Slot {
  /** What to ask Entra for. */
  readonly request: TokenRequest;
  /** By the variant of the demand. */
  readonly flights: Map<string, Flight<AccessToken>> = new Map();
  token: AccessToken | undefined;
  /** Settled with the token, and handed to every caller while it is fresh. */
  promise: Promise<AccessToken> | undefined;
  dueAt: number = -Infinity;
  /** Until then the token is fresh, or all that can be done for another one is under way. */
  quietUntil: number = -Infinity;
  /** The latest time of a call, or of the last write. */
  usedAt: number = 0;
  /** How often the token was replaced. */
  writes: number = 0;
  /** After a failed renewal: no other while the token is valid. */
  cooldown: Span | undefined;
  /** The server said when to come back. */
  retryAfter: (Span & { readonly failure: Failure }) | undefined;

  constructor(request: TokenRequest) {
    this.request = request;
  }

  /** Notes a call. A clock that went back makes the token due: how long it has been valid is no longer known. */
  use(now: number): void {
    if (now < this.usedAt - CORRECTION_IN_MS) {
      this.dueAt = this.quietUntil = -Infinity;
      this.usedAt = now;
    } else if (now > this.usedAt) this.usedAt = now;
  }

  /** Whether callers are given the token without another look. */
  isQuiet(now: number): boolean {
    return now < this.quietUntil;
  }

  /** The token, if it is valid. */
  held(now: number): AccessToken | undefined {
    return this.token !== undefined && now < this.token.expiresOnTimestamp ? this.token : undefined;
  }

  write(token: AccessToken, now: number): void {
    this.token = token;
    this.promise = Promise.resolve(token);
    this.usedAt = now;
    this.dueAt = this.quietUntil = token.refreshAfterTimestamp!;
    this.writes++;
    this.cooldown = this.retryAfter = undefined;
  }

  /** Gives every caller the token until `at`, or until something that is held back may begin. */
  keepQuiet(at: number, now: number): void {
    this.quietUntil = at;
    for (const span of [this.cooldown, this.retryAfter]) {
      if (isWithin(span, now)) this.quietUntil = Math.min(this.quietUntil, span.until);
    }
  }

  /** Notes that an exchange has ended, for better or worse. */
  land(variant: string): void {
    this.flights.delete(variant);
    this.quietUntil = this.dueAt;
  }

  /** Notes a failed renewal. */
  coolDown(now: number): void {
    this.cooldown = { since: now, until: now + COOLDOWN_IN_MS };
  }

  /** Keeps when the server said to come back, for callers who have no token too. */
  holdBack(failure: Failure, now: number): void {
    const { retryAfterInMs, retryInMs } = failure.facts;
    if (!retryAfterInMs) return;
    const delay = Math.min(retryInMs ?? retryAfterInMs, LONGEST_RETRY_AFTER_IN_MS);
    this.retryAfter = { since: now, until: now + delay, failure };
  }
}

/** Slots by key, at most 1,000: those without a token go first, then about the least recently used. */
export class TokenCache {
  readonly #slots = new Map<string, Slot>();
  /** Slots by the scopes as callers write them: the shortest way to a cached token. */
  readonly #shortcuts = new Map<string, Slot>();
  readonly #caeShortcuts = new Map<string, Slot>();

  /** The slot of a call that was learned. Only a call that the cache may answer has a shortcut. */
  find(scopes: string | string[], options: GetTokenOptions | undefined): Slot | undefined {
    const text = typeof scopes === "string" ? scopes : Array.isArray(scopes) ? scopes.join(" ") : "";
    if (!options) return this.#shortcuts.get(text);
    if (options.claims || options.forceRefresh || options.tenantId !== undefined) return undefined;
    return (options.enableCae ? this.#caeShortcuts : this.#shortcuts).get(text);
  }

  /** Remembers the slot of a call for `find`. */
  learn(scopes: string | string[], options: GetTokenOptions, slot: Slot): void {
    const text = typeof scopes === "string" ? scopes : scopes.join(" ");
    const shortcuts = options.enableCae ? this.#caeShortcuts : this.#shortcuts;
    if (shortcuts.size >= MOST_SLOTS) shortcuts.clear();
    shortcuts.set(text, slot);
  }

  /** The slot of a key, made when there is none. */
  slot(key: string, request: TokenRequest): Slot {
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      if (this.#slots.size >= MOST_SLOTS) this.#evict();
      slot = new Slot(request);
      this.#slots.set(key, slot);
    }
    return slot;
  }

  /** Makes room for one slot; one that an exchange runs for stays. */
  #evict(): void {
    let oldest: string | undefined;
    let least = Infinity;
    for (const [key, slot] of this.#slots) {
      if (slot.flights.size > 0) continue;
      const rank = slot.token === undefined ? -1 : slot.usedAt;
      if (rank < least) [oldest, least] = [key, rank];
    }
    if (oldest === undefined) return;
    this.#slots.delete(oldest);
    this.#shortcuts.clear();
    this.#caeShortcuts.clear();
  }
}
