import { sleep } from "../clock.ts";
import { Failure } from "../failure.ts";
import type { Clock } from "../contract/runtime.ts";
import type { AbortSignalLike } from "../contract/token_credential.ts";

/** How long one caller stays. */
export interface Patience {
  readonly signal?: AbortSignalLike | undefined;
  /** Milliseconds since the Unix epoch. @default Infinity */
  readonly until?: number;
}

/** What a flight needs of whoever starts it. */
export interface FlightPlan<T> {
  readonly id: number;
  readonly clock: Clock;
  /** It runs behind its callers: their leaving does not end it. */
  readonly background: boolean;
  /** What a caller is given in place of a failure or a timeout, if there is anything. */
  readonly fallback: () => T | undefined;
  /** Turns a failure into the error that callers see. */
  readonly explain: (failure: Failure) => Promise<unknown>;
  /**
   * Called once: when the exchange has settled, or as soon as every caller has aborted; then `awaited` is the failure
   * whose next attempt they would have waited for.
   */
  readonly onEnd: (outcome: T | Failure | "aborted", awaited?: Failure) => void;
}

interface Waiter<T> {
  readonly until: number;
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
  /** Drops the timer and the listener. */
  dispose(): void;
}

/**
 * One running exchange and the callers who wait for it. Each caller leaves by an abort or a deadline of its own; the
 * exchange ends early only when nobody is left.
 */
export class Flight<T> {
  readonly #plan: FlightPlan<T>;
  readonly #controller = new AbortController();
  readonly #waiters = new Set<Waiter<T>>();
  /** The one waiter of all callers who stay to the end. */
  #patient: Waiter<T> | undefined;
  #release: (() => void) | undefined;
  #pause: { readonly until: number; readonly failure: Failure } | undefined;
  #ended = false;

  constructor(plan: FlightPlan<T>) {
    this.#plan = plan;
  }

  /** Which exchange this is. */
  get id(): number {
    return this.#plan.id;
  }

  /** Aborted when nobody is left. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Nobody waits, and nobody is served by going on. */
  get isDeserted(): boolean {
    return !this.#plan.background && this.#waiters.size === 0;
  }

  /** Runs the exchange, from one of the next microtasks on. */
  start(exchange: () => Promise<T>): void {
    this.#begin(exchange).then(
      (value) => this.#settle(value, (waiter) => waiter.resolve(value)),
      (reason) => {
        const failure = toFailure(reason);
        this.#settle(failure, (waiter) => this.#fail(waiter, failure));
      },
    );
  }

  /**
   * Waits for the result.
   *
   * @throws what `explain` makes of the exchange's failure or of this caller's timeout, if there is no fallback
   * @throws the abort reason of this caller's signal
   */
  join({ signal, until = Infinity }: Patience): Promise<T> {
    if (!signal && until === Infinity) return (this.#patient ??= this.#admit(until)).promise;
    const waiter = this.#admit(until);
    this.#limit(waiter, signal);
    return waiter.promise;
  }

  /**
   * Waits before the next attempt. Callers who cannot stay that long are told now.
   *
   * @param spreadInMs what comes on top, for which nobody is told to leave
   * @throws {Failure} nobody stays
   */
  pause(delayInMs: number, failure: Failure, spreadInMs: number): Promise<void> {
    const { clock } = this.#plan;
    const until = clock.now() + delayInMs;
    const deferral = failure.deferred(delayInMs);
    for (const waiter of this.#waiters) {
      if (waiter.until < until) this.#dismiss(waiter, deferral);
    }
    if (this.isDeserted) throw this.#end(deferral);
    this.#pause = { until, failure };
    return sleep(clock, delayInMs + spreadInMs, this.signal).finally(() => this.#pause = undefined);
  }

  /** A caller behind whom it runs goes on with its token first: to send a request takes a hundred times as long. */
  async #begin(exchange: () => Promise<T>): Promise<T> {
    await undefined;
    await undefined;
    return await exchange();
  }

  #admit(until: number): Waiter<T> {
    let settle!: Pick<Waiter<T>, "resolve" | "reject">;
    const promise = new Promise<T>((resolve, reject) => settle = { resolve, reject });
    const waiter = { until, promise, ...settle, dispose() {} };
    this.#waiters.add(waiter);
    this.#release ??= this.#plan.clock.hold?.();
    return waiter;
  }

  #limit(waiter: Waiter<T>, signal: AbortSignalLike | undefined): void {
    const { clock } = this.#plan;
    const left = Math.max(0, waiter.until - clock.now());
    if (this.#pause && waiter.until < this.#pause.until) return this.#dismiss(waiter, this.#deferral());
    const onAbort = () => {
      this.#leave(waiter);
      waiter.reject(abortReason(signal!));
      if (this.isDeserted) this.#abandon();
    };
    const timer = waiter.until === Infinity ? undefined : clock.setTimeout(() => {
      this.#dismiss(waiter, new Failure("timeout", `there was no token within the caller's ${left} ms`));
      if (this.#pause && this.isDeserted) this.#controller.abort(this.#end(this.#deferral()));
    }, left);
    waiter.dispose = () => {
      if (timer !== undefined) clock.clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    signal?.addEventListener("abort", onAbort);
  }

  #deferral(): Failure {
    const { until, failure } = this.#pause!;
    return failure.deferred(Math.max(0, until - this.#plan.clock.now()));
  }

  #dismiss(waiter: Waiter<T>, failure: Failure): void {
    this.#leave(waiter);
    this.#fail(waiter, failure);
  }

  #leave(waiter: Waiter<T>): void {
    waiter.dispose();
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.#letGo();
  }

  #fail(waiter: Waiter<T>, failure: Failure): void {
    const { fallback, explain } = this.#plan;
    const instead = fallback();
    if (instead !== undefined) return waiter.resolve(instead);
    explain(failure).then((error) => {
      const late = fallback();
      if (late !== undefined) waiter.resolve(late);
      else waiter.reject(error);
    }, waiter.reject);
  }

  #abandon(): void {
    this.#end("aborted", this.#pause && this.#deferral());
    this.#controller.abort(new Failure("timeout", "every caller has aborted"));
  }

  #settle(outcome: T | Failure, tell: (waiter: Waiter<T>) => void): void {
    this.#end(outcome);
    for (const waiter of this.#waiters) {
      waiter.dispose();
      tell(waiter);
    }
    this.#waiters.clear();
    this.#letGo();
  }

  /** Tells of the end, once: what comes after it, such as a new caller, is no part of it. */
  #end<Outcome extends T | Failure | "aborted">(outcome: Outcome, awaited?: Failure): Outcome {
    if (!this.#ended) this.#plan.onEnd(outcome, awaited);
    this.#ended = true;
    return outcome;
  }

  #letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

/** Nothing but a `Failure` is expected: anything else is what a port of the caller's own has brought about. */
function toFailure(reason: unknown): Failure {
  if (reason instanceof Failure) return reason;
  return new Failure("response_invalid", "the exchange broke off in a way that is not foreseen", {
    cause: reason,
  });
}

/** What an aborted caller is rejected with: Azure's smaller signals carry no reason. */
export function abortReason(signal: AbortSignalLike): unknown {
  return (signal as { reason?: unknown }).reason ??
    new DOMException("The operation was aborted.", "AbortError");
}
