import type { CredentialEvent, Emit, EventListener } from "../contract/events.ts";
import type { WorkloadIdentityCredentialOptions } from "../contract/options.ts";
import type { Clock, Runtime } from "../contract/runtime.ts";

/** Where events come together, and who is told. */
export interface EventSource {
  /** Passes an event on; undefined while nobody listens. */
  readonly emit: Emit | undefined;
  readonly listeners: Set<EventListener>;
}

/** Makes the source of a credential's events. `onEvent` listens from the start, and so does the log where it is on. */
export function createEventSource(
  { onEvent, loggingOptions }: WorkloadIdentityCredentialOptions,
  runtime: Runtime,
  clock: Clock,
): EventSource {
  const listeners = new Set<EventListener>();
  if (onEvent) listeners.add(onEvent);
  const level = runtime.env("AZURE_LOG_LEVEL");
  if (level) {
    const log = import("./log.ts").then(({ createLog }) => createLog(level));
    listeners.add((event) => void log.then((print) => print(event)));
  }
  const emit: Emit = (event) => {
    const told = { time: clock.now(), ...event } as CredentialEvent & {
      tenantId?: string;
      clientId?: string;
    };
    if (!loggingOptions?.allowLoggingAccountIdentifiers) {
      delete told.tenantId;
      delete told.clientId;
    }
    Object.freeze(told);
    for (const listener of listeners) tell(listener, told);
  };
  return {
    listeners,
    get emit() {
      return listeners.size > 0 ? emit : undefined;
    },
  };
}

function tell(listener: EventListener, event: CredentialEvent): void {
  try {
    const result: unknown = listener(event);
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // A listener's fault is its own: the exchange goes on.
  }
}
