import { sleep, type SteadyClock } from "../clock.ts";
import type { AbortSignalLike } from "../contract/token_credential.ts";
import type { Place } from "../exchange_limiter.ts";
import { Failure } from "../failure.ts";

/** The limits of one caller's wait. */
export interface WaiterLimits {
  readonly signal?: AbortSignalLike | undefined;
  /** By the monotonic clock, in milliseconds. @default Infinity */
  readonly until?: number;
}

/** Functions and settings of the code that starts an exchange. */
export interface ExchangePlan<T> {
  readonly id: number;
  readonly clock: SteadyClock;
  /** True if it refreshes a valid token: it does not end when all callers have left. */
  readonly background: boolean;
  readonly place: Place;
  /** Returns the token that a waiter gets instead of a failure or a timeout, if there is one. */
  readonly fallback: () => T | undefined;
  /**
   * Turns a failure into the error that callers see.
   *
   * @param until the latest time at which the caller waits for it, by the monotonic clock
   */
  readonly explain: (failure: Failure, until: number) => Promise<unknown>;
  /**
   * Called once, when the exchange has ended or every caller has aborted. In the latter case, `awaited` is the failure whose
   * next attempt they waited for.
   */
  readonly onEnd: (outcome: T | Failure | "aborted", awaited?: Failure) => void;
}

/** One caller, or all callers without a limit. */
class Waiter<T> {
  readonly until: number;
  readonly promise: Promise<T>;
  /** Removes the timer and the listener. */
  dispose: () => void = () => {};
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;

  constructor(until: number) {
    this.until = until;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(value: T): void {
    this.dispose();
    this.#resolve(value);
  }

  reject(reason: unknown): void {
    this.dispose();
    this.#reject(reason);
  }
}

/**
 * One running exchange and its waiters. Each waiter leaves at its own abort or deadline; the exchange ends early only when
 * none is left.
 */
export class Exchange<T> {
  readonly #plan: ExchangePlan<T>;
  /** Created when it is needed: 10,000 waiting exchanges need none. */
  #controller: AbortController | undefined;
  readonly #waiters = new Set<Waiter<T>>();
  /** The shared waiter of all callers without a limit. */
  #shared: Waiter<T> | undefined;
  #release: (() => void) | undefined;
  #pause: { readonly until: number; readonly failure: Failure } | undefined;
  #ended = false;

  constructor(plan: ExchangePlan<T>) {
    this.#plan = plan;
  }

  get id(): number {
    return this.#plan.id;
  }

  get place(): Place {
    return this.#plan.place;
  }

  /** Aborted when no caller waits any longer. */
  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** Returns whether no caller waits, and none would benefit from another attempt. */
  get isDeserted(): boolean {
    return !this.#plan.background && this.#waiters.size === 0;
  }

  /** Starts the exchange in one of the next microtasks. */
  start(run: () => Promise<T>): void {
    this.#begin(run).then(
      (value) => this.#finish(value, (waiter) => waiter.resolve(value)),
      (reason) => {
        const failure = toFailure(reason);
        this.#finish(failure, (waiter) => this.#rejectWaiter(waiter, failure));
      },
    );
  }

  /**
   * Waits for the result.
   *
   * @throws the explained failure or timeout, if there is no fallback
   * @throws the abort reason of this caller's signal
   */
  join({ signal, until = Infinity }: WaiterLimits): Promise<T> {
    if (!signal && until === Infinity) return (this.#shared ??= this.#addWaiter(until)).promise;
    const waiter = this.#addWaiter(until);
    this.#limit(waiter, signal);
    return waiter.promise;
  }

  /**
   * Waits before the next attempt. Callers whose deadline is earlier are rejected at once.
   *
   * @param spreadInMs added to the wait, but not compared with the callers' deadlines
   * @throws {Failure} no caller waits any longer
   */
  pause(delayInMs: number, failure: Failure, spreadInMs: number): Promise<void> {
    const { clock } = this.#plan;
    const until = clock.monotonic() + delayInMs;
    const deferral = failure.deferred(delayInMs);
    for (const waiter of this.#waiters) {
      if (waiter.until < until) {
        this.#removeWaiter(waiter);
        this.#rejectWaiter(waiter, deferral);
      }
    }
    if (this.isDeserted) throw this.#end(deferral);
    this.#pause = { until, failure };
    return sleep(clock, delayInMs + spreadInMs, this.signal).finally(() => this.#pause = undefined);
  }

  /** Yields first, so that a caller with a cached token resumes before the much slower request is sent. */
  async #begin(run: () => Promise<T>): Promise<T> {
    await undefined;
    await undefined;
    return await run();
  }

  #addWaiter(until: number): Waiter<T> {
    const waiter = new Waiter<T>(until);
    this.#waiters.add(waiter);
    this.#release ??= this.#plan.clock.hold();
    return waiter;
  }

  #limit(waiter: Waiter<T>, signal: AbortSignalLike | undefined): void {
    const { clock } = this.#plan;
    const left = Math.max(0, waiter.until - clock.monotonic());
    if (this.#pause && waiter.until < this.#pause.until) {
      this.#removeWaiter(waiter);
      return this.#rejectWaiter(waiter, this.#deferral());
    }
    const leave = (reason: unknown) => {
      this.#removeWaiter(waiter);
      waiter.reject(reason);
      if (this.isDeserted) this.#abandon();
    };
    const onAbort = () => leave(abortReason(signal!));
    const onTimeout = () => {
      const failure = new Failure(
        "timeout",
        `No token was obtained within the caller's timeout of ${Math.round(left)} ms`,
      );
      this.#removeWaiter(waiter);
      this.#rejectWaiter(waiter, failure);
      // Without a place nothing is in flight: the exchange waits for a retry, a place or another exchange.
      if (this.isDeserted && !this.#plan.place.isTaken) {
        this.#end(this.#pause ? this.#deferral() : failure);
        this.#abort();
      }
    };
    const timer = waiter.until === Infinity ? undefined : clock.setTimeout(onTimeout, left);
    waiter.dispose = () => {
      if (timer !== undefined) clock.clearTimeout(timer);
      try {
        signal?.removeEventListener("abort", onAbort);
      } catch { /* The caller's own signal: it concerns nobody else. */ }
    };
    try {
      signal?.addEventListener("abort", onAbort);
    } catch (error) {
      leave(error);
    }
  }

  #deferral(): Failure {
    const { until, failure } = this.#pause!;
    return failure.deferred(Math.max(0, Math.ceil(until - this.#plan.clock.monotonic())));
  }

  #removeWaiter(waiter: Waiter<T>): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.#releaseProcess();
  }

  /** Rejects a waiter with the explained failure. Its signal stays in force until then. */
  #rejectWaiter(waiter: Waiter<T>, failure: Failure): void {
    const { fallback, explain } = this.#plan;
    const serve = () => {
      const value = fallback();
      if (value !== undefined) waiter.resolve(value);
      return value !== undefined;
    };
    if (serve()) return;
    // The error may wait for its advice: a process must not end before its caller has the error.
    const release = this.#plan.clock.hold();
    const reject = (error: unknown) => {
      release();
      if (!serve()) waiter.reject(error);
    };
    explain(failure, waiter.until).then(reject, reject);
  }

  #abandon(): void {
    this.#end("aborted", this.#pause && this.#deferral());
    this.#abort();
  }

  #abort(): void {
    const reason = new DOMException("No caller is waiting.", "AbortError");
    (this.#controller ??= new AbortController()).abort(reason);
    this.#plan.place.abort(reason);
  }

  #finish(outcome: T | Failure, settleWaiter: (waiter: Waiter<T>) => void): void {
    this.#end(outcome);
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) settleWaiter(waiter);
    this.#releaseProcess();
  }

  /** Reports the end once. */
  #end<Outcome extends T | Failure | "aborted">(outcome: Outcome, awaited?: Failure): Outcome {
    if (!this.#ended) this.#plan.onEnd(outcome, awaited);
    this.#ended = true;
    return outcome;
  }

  #releaseProcess(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

/** Returns the failure of an exchange. Steps throw only `Failure`s, unless a caller's object behaves unexpectedly. */
function toFailure(reason: unknown): Failure {
  try {
    if (reason instanceof Failure) return reason;
  } catch { /* A proxy whose trap throws. */ }
  return new Failure("response_invalid", "Unexpected error during the token request", { cause: reason });
}

/** Returns the reason of an aborted caller. Azure's smaller signals have none. */
export function abortReason(signal: AbortSignalLike): unknown {
  let reason: unknown;
  try {
    reason = (signal as { reason?: unknown }).reason;
  } catch { /* A getter of the caller's own. */ }
  return reason ?? new DOMException("The operation was aborted.", "AbortError");
}
