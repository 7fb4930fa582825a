import type { CredentialEvent, Emit } from "./events.ts";
import type { WorkloadIdentityCredentialOptions } from "./options.ts";
import type { Clock, Runtime } from "./runtime.ts";

/** Returns what passes events on to `onEvent` and to the log, or undefined where nobody listens. */
export function createEmit(
  { onEvent, loggingOptions }: WorkloadIdentityCredentialOptions,
  runtime: Runtime,
  clock: Clock,
): Emit | undefined {
  const level = runtime.env("AZURE_LOG_LEVEL");
  if (!onEvent && !level) return undefined;
  const log = level ? import("./log.ts").then(({ createLog }) => createLog(level)) : undefined;
  return (event) => {
    const told = { time: clock.now(), ...event } as CredentialEvent & {
      tenantId?: string;
      clientId?: string;
    };
    if (!loggingOptions?.allowLoggingAccountIdentifiers) {
      delete told.tenantId;
      delete told.clientId;
    }
    Object.freeze(told);
    log?.then((print) => print(told));
    try {
      const result: unknown = onEvent?.(told);
      if (result instanceof Promise) result.catch(() => {});
    } catch {
      // A listener's fault is its own: the exchange goes on.
    }
  };
}
