import type { CredentialEvent, EventListener } from "../contract/events.ts";
import type { WorkloadIdentityCredentialOptions } from "../contract/options.ts";
import type { Clock, Runtime } from "../contract/runtime.ts";
import { isolate } from "../isolate.ts";

/** An event without its time. */
type Untimed = CredentialEvent extends infer Event
  ? Event extends CredentialEvent ? Omit<Event, "time"> : never
  : never;

/** Passes an event on to every listener. */
export type Notify = (event: Untimed) => void;

/** The source of one credential's events. */
export class EventSource {
  /** Undefined while there is no listener. */
  notify: Notify | undefined;
  readonly #clock: Clock;
  readonly #showsAccounts: boolean;
  #listeners: Set<EventListener> | undefined;

  /** Creates a source with `onEvent` and, if `AZURE_LOG_LEVEL` is set, the log as listeners. */
  constructor(
    { onEvent, loggingOptions }: WorkloadIdentityCredentialOptions,
    runtime: Runtime,
    clock: Clock,
  ) {
    this.#clock = clock;
    this.#showsAccounts = loggingOptions?.allowLoggingAccountIdentifiers === true;
    if (onEvent) this.subscribe(onEvent);
    const level = runtime.env("AZURE_LOG_LEVEL");
    if (level) this.subscribe(createLogListener(level));
  }

  /** Returns a function that ends the subscription. */
  subscribe(listener: EventListener): () => void {
    const listeners = this.#listeners ??= new Set();
    // The same function may be added twice.
    const subscription: EventListener = (event) => listener(event);
    listeners.add(subscription);
    this.notify ??= (event) => this.#send(event);
    return () => {
      listeners.delete(subscription);
      if (listeners.size === 0) this.notify = undefined;
    };
  }

  #send(untimed: Untimed): void {
    const event = { time: this.#clock.now(), ...untimed } as CredentialEvent & {
      tenantId?: string;
      clientId?: string;
    };
    if (!this.#showsAccounts) {
      delete event.tenantId;
      delete event.clientId;
    }
    Object.freeze(event);
    for (const listener of this.#listeners!) isolate(() => listener(event));
  }
}

/** Loads the log and returns its listener. If the log cannot be loaded, prints one line that says so. */
function createLogListener(level: string): EventListener {
  const log = import("./log.ts").then(({ createLog }) => createLog(level, print)).catch(() => {
    print("workload-id:error the log of AZURE_LOG_LEVEL cannot be loaded");
    return () => {};
  });
  return (event) => void log.then((listener) => listener(event));
}

/** Writes to standard error by `console.error`, which every runtime has, and which a program may replace. */
function print(line: string): void {
  isolate(() => console.error(line));
}
