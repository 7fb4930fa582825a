/**
 * Simulated time: one queue of events, each run to its end in microtasks before the next. Without real timers, thread pool
 * and event loop turns, the order of events is that of the queue.
 */

export interface ScheduledEvent {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** After so many microtasks without activity an event is over. The longest chain in the core without activity has about ten. */
const RESTFUL_TICKS = 40;

export class Scheduler {
  /** True time in milliseconds since the simulation began. */
  now: number = 0;
  #queue: ScheduledEvent[] = [];
  #orders = 0;
  #ticksAtRest = 0;

  /** Runs a function at a time. Functions of one moment run in the order in which they were scheduled. */
  at(at: number, run: () => void): ScheduledEvent {
    const event = { at: Math.max(at, this.now), order: this.#orders++, run, cancelled: false };
    this.#push(event);
    return event;
  }

  after(delayInMs: number, run: () => void): ScheduledEvent {
    return this.at(this.now + Math.max(0, delayInMs), run);
  }

  /** Notes that the code under test is still active. */
  wake(): void {
    this.#ticksAtRest = 0;
  }

  /** Runs every event, including those that are scheduled meanwhile, and calls `after` once each is over. */
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
