/**
 * Simulated time: one queue of events, each run to its end in microtasks before the next. No real timer, no thread
 * pool, no turn of the event loop, so nothing can come in another order than the queue's.
 */

export interface ScheduledEvent {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** So many microtasks without a sign of life are taken for rest; the longest silent chain in the core has about ten. */
const RESTFUL_TICKS = 40;

export class Scheduler {
  /** True time in milliseconds since the simulation began. */
  now: number = 0;
  #queue: ScheduledEvent[] = [];
  #orders = 0;
  #ticksAtRest = 0;

  /** Runs `run` when time has come to `at`; events of one moment run in the order of their scheduling. */
  at(at: number, run: () => void): ScheduledEvent {
    const event = { at: Math.max(at, this.now), order: this.#orders++, run, cancelled: false };
    this.#push(event);
    return event;
  }

  after(delayInMs: number, run: () => void): ScheduledEvent {
    return this.at(this.now + Math.max(0, delayInMs), run);
  }

  /** Says that the code under test is still at work. */
  wake(): void {
    this.#ticksAtRest = 0;
  }

  /** Runs every event, those that come up on the way included; `after` sees the state at rest after each. */
  async runAll(after: () => boolean): Promise<void> {
    for (let event = this.#pop(); event; event = this.#pop()) {
      if (event.cancelled) continue;
      this.now = event.at;
      event.run();
      for (this.#ticksAtRest = 0; this.#ticksAtRest < RESTFUL_TICKS; this.#ticksAtRest++) await undefined;
      if (!after()) return;
    }
  }

  #push(event: ScheduledEvent): void {
    const queue = this.#queue;
    let place = queue.length;
    queue.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (isBefore(queue[parent]!, event)) break;
      queue[place] = queue[parent]!;
      place = parent;
    }
    queue[place] = event;
  }

  #pop(): ScheduledEvent | undefined {
    const queue = this.#queue;
    const first = queue[0];
    const last = queue.pop();
    if (first === undefined || last === undefined || queue.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= queue.length) break;
      if (child + 1 < queue.length && isBefore(queue[child + 1]!, queue[child]!)) child++;
      if (isBefore(last, queue[child]!)) break;
      queue[place] = queue[child]!;
      place = child;
    }
    queue[place] = last;
    return first;
  }
}

function isBefore(one: ScheduledEvent, other: ScheduledEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
