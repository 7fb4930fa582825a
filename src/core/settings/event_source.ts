import type { CredentialEvent, EventListener } from "../contract/events.ts";
import type { WorkloadIdentityCredentialOptions } from "../contract/options.ts";
import type { Clock, Runtime } from "../contract/runtime.ts";

/** An event before it is given its time. */
type Untimed = CredentialEvent extends infer Event
  ? Event extends CredentialEvent ? Omit<Event, "time"> : never
  : never;

/** Passes an event on to every listener. */
export type Notify = (event: Untimed) => void;

/** The source of one credential's events. */
export interface EventSource {
  /** Undefined while nobody listens. */
  readonly notify: Notify | undefined;
  /** Returns a function that ends the subscription. */
  subscribe(listener: EventListener): () => void;
}

/** Creates the source of a credential's events, with `onEvent` and, if `AZURE_LOG_LEVEL` is set, the log as listeners. */
export function createEventSource(
  { onEvent, loggingOptions }: WorkloadIdentityCredentialOptions,
  runtime: Runtime,
  clock: Clock,
): EventSource {
  const listeners = new Set<EventListener>();
  const showsAccounts = loggingOptions?.allowLoggingAccountIdentifiers === true;
  const notify: Notify = (untimed) => {
    const event = { time: clock.now(), ...untimed } as CredentialEvent & {
      tenantId?: string;
      clientId?: string;
    };
    if (!showsAccounts) {
      delete event.tenantId;
      delete event.clientId;
    }
    Object.freeze(event);
    for (const listener of listeners) callListener(listener, event);
  };
  const source = {
    notify: undefined as Notify | undefined,
    subscribe(listener: EventListener) {
      // The same function may subscribe twice.
      const subscription: EventListener = (event) => listener(event);
      listeners.add(subscription);
      source.notify = notify;
      return () => {
        listeners.delete(subscription);
        if (listeners.size === 0) source.notify = undefined;
      };
    },
  };
  if (onEvent) source.subscribe(onEvent);
  const level = runtime.env("AZURE_LOG_LEVEL");
  if (level) source.subscribe(createLogListener(level));
  return source;
}

/** The log is loaded when it is asked for; if it cannot be loaded, one line says so. */
function createLogListener(level: string): EventListener {
  const log = import("./log.ts").then(({ createLog }) => createLog(level)).catch(() => {
    try {
      console.error("workload-id:error AZURE_LOG_LEVEL is set, but the log cannot be loaded");
    } catch { /* A console that throws cannot be reported to. */ }
    return () => {};
  });
  return (event) => void log.then((print) => print(event));
}

/** A listener that throws does not affect the exchange. */
function callListener(listener: EventListener, event: CredentialEvent): void {
  try {
    const result: unknown = listener(event);
    if (result instanceof Promise) result.catch(() => {});
  } catch { /* The listener's own fault. */ }
}
