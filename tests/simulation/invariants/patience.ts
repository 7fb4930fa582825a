import type { CredentialEvent } from "../../../src/core/mod.ts";
import type { Exchange, Exchanges } from "../exchanges.ts";
import type { Failure, Invariant, Pod, RequestRecord, Simulation } from "../observation.ts";
import { HOUR } from "../plan.ts";

interface Course {
  hasSent: boolean;
  retries: number;
  failure: Failure | undefined;
  /** When the last failure said to retry, by the pod's monotonic clock. */
  asked: number | undefined;
  /** The `Retry-After` that was known for the key when the exchange began. */
  readonly known: number | undefined;
}

/**
 * No attempt is sent before its backoff or before the server's `Retry-After` has passed.
 *
 * An attempt that does not follow a read of the assertion is a retry, and waits for at least half of the exponential
 * backoff, or for the whole `Retry-After`. If an exchange ends with a `Retry-After`, later exchanges for the same key
 * wait for it too, for up to an hour, even if all callers have left meanwhile. A new token ends the wait.
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
