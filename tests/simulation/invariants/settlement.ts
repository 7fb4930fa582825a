import type { CallRecord, Invariant, Pod, Simulation } from "../observation.ts";

/**
 * Every call settles: by its own timeout, with its own abort, or within the longest time of one exchange. Calls with
 * invalid arguments settle at once. No promise is settled twice, which `promises.ts` checks.
 */
export class Settlement implements Invariant {
  readonly #simulation: Simulation;
  readonly #longestQueues: ReadonlyMap<Pod, number>;
  #due: CallRecord[] = [];

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#longestQueues = new Map(simulation.pods.map((pod) => [pod, longestQueue(pod, simulation)]));
  }

  onCall(record: CallRecord): void {
    const { call, pod } = record;
    const { scheduler } = this.#simulation;
    const exchange = longestExchange(record) + this.#longestQueues.get(pod)!;
    const longest = Math.min(call.timeoutInMs ?? Infinity, exchange);
    if (call.mistake) this.#due.push(record);
    else scheduler.after(pod.clock.inTrueTime(longest), () => this.#due.push(record));
    if (call.abortAfterInMs !== undefined) {
      scheduler.after(call.abortAfterInMs, () => this.#due.push(record));
    }
  }

  atRest(): void {
    for (const { number, state, call } of this.#due) {
      if (state === "waiting") {
        const { timeoutInMs, abortAfterInMs, mistake } = call;
        const what = `timeout ${timeoutInMs}, abort after ${abortAfterInMs}, mistake ${mistake}`;
        this.#simulation.violation("settlement", `call ${number} is not settled in time: ${what}`);
      }
    }
    this.#due = [];
  }
}

/** Before each attempt, every other exchange of the pod may come first: two reads and a request up to their deadlines. */
function longestQueue(pod: Pod, { plan }: Simulation): number {
  const { maxRetries, requestTimeoutInMs, maxConcurrentExchanges } = pod.plan;
  const own = plan.calls.filter(({ credential }) => credential === pod.index);
  const exchanges = new Set(
    own.map(({ tenant, scope, cae, demand }) => `${tenant} ${scope} ${cae} ${demand}`),
  );
  const turns = Math.floor((exchanges.size - 1) / maxConcurrentExchanges);
  return (maxRetries + 1) * turns * 3 * requestTimeoutInMs;
}

/** An earlier `Retry-After`, then two reads and every attempt up to its deadline, with the longest wait before each retry. */
function longestExchange({ pod }: CallRecord): number {
  const { maxRetries, requestTimeoutInMs, maxRetryDelayInMs } = pod.plan;
  return maxRetryDelayInMs + (2 + 2 + maxRetries) * requestTimeoutInMs + maxRetries * maxRetryDelayInMs;
}
