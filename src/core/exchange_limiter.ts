import { LinkedList, ListElement } from "./linked_list.ts";

/** The property of a credential, or of a source of agents' assertions, with its limiter. It also works through a `Proxy`. */
const LIMITER = Symbol("limiter");

/**
 * Limits how many exchanges are in flight. The others wait in order, those with waiting callers before background
 * refreshes. Several credentials can share one limiter.
 */
export class ExchangeLimiter {
  readonly #limit: number;
  readonly #urgent = new LinkedList<Place>();
  readonly #deferrable = new LinkedList<Place>();
  readonly #get = (): this => this;
  #taken = 0;

  /** Returns the limiter that was assigned to an object, if there is one. */
  static of(owner: object): ExchangeLimiter | undefined {
    try {
      const limiter: unknown = (owner as { [LIMITER]?: () => unknown })[LIMITER]?.();
      if (limiter instanceof ExchangeLimiter) return limiter;
    } catch { /* A mock or a wrapper that throws for properties it does not know. */ }
    return undefined;
  }

  /** @param limit the number of exchanges that may be in flight */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Assigns this limiter to an object, for `of`. It is stored in a function, because reactive wrappers replace objects. */
  assignTo(owner: object): void {
    Object.defineProperty(owner, LIMITER, { value: this.#get });
  }

  /** Takes a place if one is free and no exchange waits. */
  take(): boolean {
    if (this.#taken >= this.#limit) return false;
    this.#taken++;
    return true;
  }

  queue(isUrgent: boolean): LinkedList<Place> {
    return isUrgent ? this.#urgent : this.#deferrable;
  }

  /** Passes a place on to the next waiting exchange. */
  passOn(): void {
    const next = this.#urgent.first ?? this.#deferrable.first;
    if (next) next.grant();
    else this.#taken--;
  }
}

/** The place of one exchange among those in flight. Its owner must not wait for anything that needs a place too. */
export class Place extends ListElement {
  readonly #limiter: ExchangeLimiter;
  #isUrgent: boolean;
  #isTaken = false;
  /** Settles the wait; undefined if the exchange is not waiting. */
  #waiter: { resolve(): void; reject(reason: unknown): void } | undefined;
  #abortReason: unknown;

  /** @param isUrgent whether callers wait for the exchange, or their token expires soon */
  constructor(limiter: ExchangeLimiter, isUrgent: boolean) {
    super();
    this.#limiter = limiter;
    this.#isUrgent = isUrgent;
  }

  get isTaken(): boolean {
    return this.#isTaken;
  }

  get isWaiting(): boolean {
    return this.#waiter !== undefined;
  }

  /** Takes a place if it can be taken at once, or has been taken before. */
  take(): boolean {
    return this.#isTaken ||= this.#limiter.take();
  }

  /**
   * Waits for a place and takes it.
   *
   * @throws the reason of `abort`, when that is called first
   */
  waitFor(): Promise<void> {
    if (this.#abortReason !== undefined) return Promise.reject(this.#abortReason);
    this.#limiter.queue(this.#isUrgent).append(this);
    return new Promise((resolve, reject) => this.#waiter = { resolve, reject });
  }

  /** Ends the wait. A method costs less than a signal where 10,000 exchanges wait. */
  abort(reason: unknown): void {
    this.#abortReason = reason;
    if (!this.#waiter) return;
    this.#limiter.queue(this.#isUrgent).remove(this);
    this.#waiter.reject(reason);
    this.#waiter = undefined;
  }

  /** Makes an exchange urgent, because a caller waits for it now. */
  promote(): void {
    if (this.#isUrgent) return;
    if (this.isWaiting) {
      this.#limiter.queue(false).remove(this);
      this.#limiter.queue(true).append(this);
    }
    this.#isUrgent = true;
  }

  /** Takes the place that became free. Called by the limiter. */
  grant(): void {
    this.#limiter.queue(this.#isUrgent).remove(this);
    this.#isTaken = true;
    this.#waiter!.resolve();
    this.#waiter = undefined;
  }

  /** Gives the place back, if it was taken. */
  leave(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#limiter.passOn();
  }
}
