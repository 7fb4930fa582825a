import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { Exchange, Exchanges } from "../exchanges.ts";
import type { Failure, Invariant, Pod, RequestRecord, Simulation } from "../observation.ts";
import { HOUR } from "../plan.ts";

interface Course {
  hasSent: boolean;
  retries: number;
  failure: Failure | undefined;
  /** Until when the last failure asked to wait, by the pod's clock that nobody sets. */
  asked: number | undefined;
  /** What was remembered for the key when it began. */
  readonly known: number | undefined;
}

/**
 * No attempt before its backoff, and none against the server's express wish.
 *
 * An attempt that no read of the assertion set off is a retry: at least half of the exponential wait, or the whole
 * Retry-After, lies behind it. A Retry-After that an exchange ended with is remembered for its key, for whatever begins
 * after that, up to an hour, even if all callers gave up meanwhile; a token ends it.
 */
export class Patience implements Invariant {
  readonly #simulation: Simulation;
  readonly #exchanges: Exchanges;
  readonly #courses = new Map<Exchange, Course>();
  readonly #remembered = new Map<string, number>();

  constructor(simulation: Simulation, exchanges: Exchanges) {
    this.#simulation = simulation;
    this.#exchanges = exchanges;
  }

  onEvent(event: CredentialEvent, pod: Pod): void {
    const exchange = this.#exchanges.of(event, pod);
    if (!exchange) return;
    const { key, isKnown } = exchange;
    if (event.type === "exchange_started") {
      const known = this.#remembered.get(key);
      const course = { hasSent: false, retries: 0, failure: undefined, asked: undefined, known };
      this.#courses.set(exchange, course);
    }
    if (event.type === "exchange_succeeded" || !isKnown) this.#remembered.delete(key);
    else if (event.type === "exchange_failed") {
      const { asked } = this.#courses.get(exchange)!;
      if (asked !== undefined) this.#remembered.set(key, asked);
    }
  }

  onSent(request: RequestRecord): void {
    const { number, key, pod, followsRead } = request;
    const exchange = this.#exchanges.senderOf(request);
    if (!exchange) {
      return this.#violation(`request ${number} for ${key} is not a retry, and nothing was read for it`);
    }
    if (!exchange.isKnown) return;
    const { clock } = pod;
    const course = this.#courses.get(exchange)!;
    const { hasSent, known, failure } = course;
    const early = (known ?? 0) - clock.monotonicTime;
    if (!hasSent && early > 2) {
      this.#violation(`request ${number} for ${key} came ${early} ms before the server's Retry-After`);
    }
    course.hasSent = true;
    if (followsRead) return;
    const { retryDelayInMs, maxRetryDelayInMs, maxRetries } = pod.plan;
    const backoff = failure!.retryAfterInMs ||
      Math.min(maxRetryDelayInMs, retryDelayInMs * 2 ** course.retries) / 2;
    const waited = (this.#simulation.scheduler.now - failure!.failedAt) * clock.rate;
    if (waited < backoff - 2) {
      this.#violation(`request ${number} for ${key} came after ${waited} ms of at least ${backoff}`);
    }
    if (++course.retries > maxRetries) {
      this.#violation(`request ${number} for ${key} is retry ${course.retries} of ${maxRetries}`);
    }
  }

  onFailed(request: RequestRecord, failure: Failure): void {
    const course = this.#courses.get(this.#exchanges.senderOf(request)!)!;
    const { retryAfterInMs } = failure;
    const { monotonicTime } = request.pod.clock;
    course.failure = failure;
    course.asked = retryAfterInMs > 0 ? monotonicTime + Math.min(retryAfterInMs, HOUR) : undefined;
  }

  #violation(what: string): void {
    this.#simulation.violation("patience", what);
  }
}
