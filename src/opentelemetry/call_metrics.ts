/** Counters and a histogram of `getToken` calls. */
import type { Meter } from "@opentelemetry/api";
import { ERROR_TYPE, SCOPE } from "./attributes.ts";

/** In seconds, from what is nearly over to a day. */
const LIFETIMES = [0, 30, 60, 300, 900, 1800, 2700, 3600, 7200, 14_400, 28_800, 43_200, 86_400];

/** Measures a call when it has ended. */
export interface CallMetrics {
  /** @param remainingInMs how long the token is still valid */
  succeeded(scopes: string | string[], isHit: boolean, remainingInMs: number): void;
  failed(scopes: string | string[], error: unknown): void;
}

/** Makes the instruments. */
export function createCallMetrics(meter: Meter): CallMetrics {
  const calls = meter.createCounter("workload_id.calls", {
    description: "Calls of getToken that have ended.",
    unit: "{call}",
  });
  const hits = meter.createCounter("workload_id.cache.hits", {
    description: "Calls of getToken that the cache answered.",
    unit: "{call}",
  });
  const lifetime = meter.createHistogram("workload_id.token.remaining_lifetime", {
    description: "How long tokens are still valid when they are given out.",
    unit: "s",
    advice: { explicitBucketBoundaries: LIFETIMES },
  });
  return {
    succeeded(scopes, isHit, remainingInMs) {
      const attributes = { [SCOPE]: [scopes].flat().join(" ") };
      calls.add(1, attributes);
      if (isHit) hits.add(1, attributes);
      lifetime.record(Math.max(0, remainingInMs / 1000), attributes);
    },
    failed(scopes, error) {
      calls.add(1, { [SCOPE]: [scopes].flat().join(" "), [ERROR_TYPE]: typeOf(error) });
    },
  };
}

/** The code of this package's errors, else the name of the error's class: few values, and no message. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return "_OTHER";
  return error.name === "CredentialUnavailableError" && "code" in error ? String(error.code) : error.name;
}
