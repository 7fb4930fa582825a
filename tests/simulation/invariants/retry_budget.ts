import type { CredentialEvent, EventOf } from "../../../src/core/contract/events.ts";
import type { Exchange, Exchanges } from "../exchanges.ts";
import type { CallRecord, Failure, Invariant, Pod, RequestRecord, Simulation } from "../observation.ts";

const EXCHANGES = 2;
const LIMIT = 100;
const STEP_IN_MS = 90_000;
const ENDPOINT_FAILURES = new Set(["network_failed", "timeout", "entra_throttled", "entra_unavailable"]);
/** The tolerance for sums of fractions. */
const ROUNDING = 1e-6;

/** Bounds of the retries that a credential has left: from outside, some retries may have been paid or not. */
interface Account {
  most: number;
  least: number;
  settledAt: number;
  /** Successes since the last rest. Their order among the retries of one moment cannot be seen. */
  successes: number;
  hasSucceeded: boolean;
}

interface Course {
  readonly background: boolean;
  /** True if it may have begun before the credential's first token. */
  readonly isEarly: boolean;
  retries: number;
  failure: Failure | undefined;
}

/**
 * Retries after failures of the endpoint are paid from a budget: a credential begins with the retries of two exchanges, a
 * success adds one, up to 100, and time brings the budget back to its beginning, by one in 90 s. A failure is retried while
 * there is budget left; retries after replication errors and reading the assertion again do not use it. A first attempt
 * is sent as soon as its assertion is read.
 */
export class RetryBudget implements Invariant {
  readonly #simulation: Simulation;
  readonly #exchanges: Exchanges;
  readonly #accounts: readonly Account[];
  readonly #courses = new Map<Exchange, Course>();
  readonly #waiting = new Set<CallRecord>();
  /** Exchanges that have read their first assertion since the last rest. */
  readonly #readers = new Set<Exchange>();

  constructor(simulation: Simulation, exchanges: Exchanges) {
    this.#simulation = simulation;
    this.#exchanges = exchanges;
    this.#accounts = simulation.pods.map((pod) => {
      const base = baseOf(pod);
      return { most: base, least: base, settledAt: 0, successes: 0, hasSucceeded: false };
    });
  }

  onCall(record: CallRecord): void {
    this.#waiting.add(record);
  }

  onSettled(record: CallRecord): void {
    this.#waiting.delete(record);
  }

  onFailed(request: RequestRecord, failure: Failure): void {
    this.#courses.get(this.#exchanges.senderOf(request)!)!.failure = failure;
  }

  onEvent(event: CredentialEvent, pod: Pod): void {
    const exchange = this.#exchanges.of(event, pod);
    if (!exchange) return;
    const account = this.#accounts[pod.index]!;
    if (event.type === "exchange_started") {
      const { background } = event;
      const course = { background, isEarly: !account.hasSucceeded, retries: 0, failure: undefined };
      this.#courses.set(exchange, course);
    }
    if (event.type === "assertion_read" && !exchange.last) this.#readers.add(exchange);
    if (event.type === "exchange_retried") this.#onRetried(event, exchange, pod);
    if (event.type === "exchange_failed") this.#onEnded(event, exchange, pod);
    if (event.type === "exchange_succeeded") {
      account.successes++;
      account.hasSucceeded = true;
    }
  }

  atRest(): void {
    for (const { key } of [...this.#readers].filter(({ last }) => !last)) {
      this.#violation(`the first attempt for ${key} was not sent when its assertion had been read`);
    }
    this.#readers.clear();
    for (const pod of this.#simulation.pods) {
      const account = this.#settled(pod);
      const add = (left: number) => Math.min(Math.max(LIMIT, baseOf(pod)), left + account.successes);
      account.most = add(account.most);
      account.least = add(account.least);
      account.successes = 0;
      if (account.most < -ROUNDING) this.#violation(`pod ${pod.index} has retried beyond its budget`);
    }
  }

  #onRetried(
    { code, delayInMs, correlationId }: EventOf<"exchange_retried">,
    exchange: Exchange,
    pod: Pod,
  ): void {
    // Without a wait another assertion is sent; without a request an earlier Retry-After is waited for.
    if (delayInMs === 0 || correlationId === "") return;
    this.#courses.get(exchange)!.retries++;
    if (!ENDPOINT_FAILURES.has(code)) return;
    const account = this.#settled(pod);
    account.most--;
    account.least--;
  }

  #onEnded({ code, attempts }: EventOf<"exchange_failed">, exchange: Exchange, pod: Pod): void {
    // Callers can leave at any moment.
    if (code === "aborted" || code === "timeout") this.#readers.delete(exchange);
    const { retries, failure, isEarly } = this.#courses.get(exchange)!;
    const { maxRetries, maxRetryDelayInMs } = pod.plan;
    if (attempts === 0 || !ENDPOINT_FAILURES.has(code) || retries >= maxRetries) return;
    const account = this.#settled(pod);
    const isUnknownHost = isEarly && code === "network_failed" && retries > 0;
    const isTooLong = !failure || failure.retryAfterInMs > maxRetryDelayInMs;
    if (!exchange.isKnown || isUnknownHost || isTooLong || !this.#isAwaited(exchange)) account.least--;
    else if (account.least >= 1 + ROUNDING) {
      this.#violation(
        `a failure for ${exchange.key} was not retried, and ${account.least} retries were left`,
      );
    }
  }

  /** Returns whether a caller certainly waits for another attempt. One whose token expires soon may have left. */
  #isAwaited(exchange: Exchange): boolean {
    if (this.#courses.get(exchange)!.background) return true;
    if (this.#simulation.issuedFor.has(exchange.key)) return false;
    return [...this.#waiting].some(({ key, call, abortedAt }) =>
      key === exchange.key && call.demand === exchange.demand && call.timeoutInMs === undefined &&
      abortedAt === undefined
    );
  }

  /** Applies the time that has passed to the account of a pod. */
  #settled(pod: Pod): Account {
    const account = this.#accounts[pod.index]!;
    const now = pod.clock.monotonicTime;
    const step = (now - account.settledAt) / STEP_IN_MS;
    const settle = (left: number) => left + Math.max(-step, Math.min(step, baseOf(pod) - left));
    account.most = settle(account.most);
    account.least = settle(account.least);
    account.settledAt = now;
    return account;
  }

  #violation(what: string): void {
    this.#simulation.violation("retry budget", what);
  }
}

/** Returns the number of retries that a credential begins with. */
function baseOf({ plan }: Pod): number {
  return EXCHANGES * plan.maxRetries;
}
