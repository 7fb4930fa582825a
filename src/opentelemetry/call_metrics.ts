/** Counters and a histogram of `getToken` calls. */
import type { Meter } from "@opentelemetry/api";
import { ERROR_TYPE, SCOPE } from "./attributes.ts";
import { isolate } from "../core/isolate.ts";

/** In seconds, from nearly expired to a day. */
const LIFETIMES = [0, 30, 60, 300, 900, 1800, 2700, 3600, 7200, 14_400, 28_800, 43_200, 86_400];

/** Measures calls as they end. */
export interface CallMetrics {
  /** @param remainingInMs how long the token is still valid */
  succeeded(scope: string, isHit: boolean, remainingInMs: number): void;
  failed(scope: string, error: unknown): void;
}

/** Creates the instruments. */
export function createCallMetrics(meter: Meter): CallMetrics {
  const calls = meter.createCounter("workload_id.calls", {
    description: "Ended calls of getToken.",
    unit: "{call}",
  });
  const hits = meter.createCounter("workload_id.cache.hits", {
    description: "Calls of getToken that were served from the cache.",
    unit: "{call}",
  });
  const lifetime = meter.createHistogram("workload_id.token.remaining_lifetime", {
    description: "Remaining lifetime of tokens when they are returned to callers.",
    unit: "s",
    advice: { explicitBucketBoundaries: LIFETIMES },
  });
  return {
    succeeded(scope, isHit, remainingInMs) {
      const attributes = { [SCOPE]: scope };
      isolate(() => calls.add(1, attributes));
      if (isHit) isolate(() => hits.add(1, attributes));
      isolate(() => lifetime.record(Math.max(0, remainingInMs / 1000), attributes));
    },
    failed(scope, error) {
      isolate(() => calls.add(1, { [SCOPE]: scope, [ERROR_TYPE]: typeOf(error) }));
    },
  };
}

/** Returns the code of this package's errors, else the name of the error's class: few values, and no message. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return "_OTHER";
  return error.name === "CredentialUnavailableError" && "code" in error ? String(error.code) : error.name;
}
