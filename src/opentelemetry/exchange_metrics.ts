/** Counters and histograms of exchanges. */
import type { Meter } from "@opentelemetry/api";
import type { EventListener, EventOf } from "../core/contract/events.ts";
import { ERROR_TYPE, REASON, SCOPE } from "./attributes.ts";
import { reasonOf } from "./exchange_reason.ts";
import { isolate } from "../core/isolate.ts";

/** In seconds: the buckets that the semantic conventions recommend for HTTP clients. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Returns a listener that counts exchanges and measures each as it ends. */
export function measureExchanges(meter: Meter): EventListener {
  const exchanges = meter.createCounter("workload_id.exchanges", {
    description: "Ended exchanges of an assertion for a token.",
    unit: "{exchange}",
  });
  const failures = meter.createCounter("workload_id.exchange.failures", {
    description: "Exchanges that ended without a token.",
    unit: "{exchange}",
  });
  const refreshes = meter.createCounter("workload_id.refreshes", {
    description: "Ended exchanges that refreshed a token in the background.",
    unit: "{exchange}",
  });
  const duration = meter.createHistogram("workload_id.exchange.duration", {
    description: "Duration of exchanges, including retries.",
    unit: "s",
    advice: { explicitBucketBoundaries: DURATIONS },
  });
  const running = new Map<number, Record<string, string>>();

  const end = (event: EventOf<"exchange_succeeded"> | EventOf<"exchange_failed">) => {
    const started = running.get(event.exchangeId);
    running.delete(event.exchangeId);
    const isFailure = event.type === "exchange_failed";
    const attributes = { ...started, ...(isFailure && { [ERROR_TYPE]: event.code }) };
    isolate(() => exchanges.add(1, attributes));
    if (isFailure) isolate(() => failures.add(1, attributes));
    if (started?.[REASON] === "refresh") isolate(() => refreshes.add(1, attributes));
    isolate(() => duration.record(event.durationInMs / 1000, attributes));
  };

  return (event) => {
    if (event.type === "exchange_started") {
      running.set(event.exchangeId, { [SCOPE]: event.scopes.join(" "), [REASON]: reasonOf(event) });
    } else if (event.type === "exchange_succeeded" || event.type === "exchange_failed") end(event);
  };
}
