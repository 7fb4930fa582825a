/** Prints events, one line each. Loaded only if `AZURE_LOG_LEVEL` is set. */
import type { CredentialEvent } from "../contract/events.ts";

const LEVELS = ["error", "warning", "info", "verbose"] as const;
type Level = typeof LEVELS[number];

const LEVEL_OF: Record<CredentialEvent["type"], Level> = {
  exchange_failed: "error",
  exchange_retried: "warning",
  refresh_deferred: "warning",
  assertion_stale: "warning",
  retry_budget_exhausted: "warning",
  region_not_found: "warning",
  proxy_ignored: "warning",
  ca_reloaded: "info",
  exchange_started: "info",
  exchange_succeeded: "info",
  exchange_joined: "verbose",
  assertion_read: "verbose",
};

/** Returns a listener that prints events from a level on. For an invalid level, it prints a warning and uses `info`. */
export function createLog(value: string, print: (line: string) => void): (event: CredentialEvent) => void {
  let level = value.trim().toLowerCase() as Level;
  if (!LEVELS.includes(level)) {
    print(`workload-id:warning AZURE_LOG_LEVEL is not one of ${LEVELS.join(", ")}: using info`);
    level = "info";
  }
  return (event) => {
    const own = LEVEL_OF[event.type];
    if (LEVELS.indexOf(own) <= LEVELS.indexOf(level)) print(`workload-id:${own} ${format(event)}`);
  };
}

function format({ type, time, ...rest }: CredentialEvent): string {
  const fields = Object.entries(rest)
    .filter(([name, value]) => value !== undefined && name !== "tracingContext")
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [new Date(time).toISOString(), type, ...fields].join(" ").replace(/[\r\n]+/g, " ");
}
