import { INTERVAL } from "./invariants/healing.ts";
import { type Call, HOUR, MINUTE, type Plan } from "./plan.ts";

/** Yields calls for every key of the plan, from the last fault until the credential must have recovered. The last one is marked. */
export function* healingCalls(
  { calls, faults, credentials, quietFrom }: Plan,
): Generator<[number, Call, boolean]> {
  const waits = faults.map((fault) =>
    fault.at === "endpoint" && fault.fault.kind === "status" ? fault.fault.retryAfter?.delayInMs ?? 0 : 0
  );
  const longest = Math.min(HOUR, Math.max(0, ...waits));
  const slowest = Math.max(0, ...credentials.map((pod) => pod.requestTimeoutInMs + pod.maxRetryDelayInMs));
  const healedAt = quietFrom + (longest + 30_000 + 2 * slowest) * 1.02 + 3 * INTERVAL;
  const keys = new Map(
    calls.map((call) => [JSON.stringify([call.credential, call.tenant, call.scope, call.cae]), call]),
  );
  const plain = {
    demand: "plain",
    timeoutInMs: undefined,
    abortAfterInMs: undefined,
    mistake: undefined,
  } as const;
  for (const call of keys.values()) {
    for (let at = quietFrom + 1000; at < healedAt; at += at < healedAt - 5 * MINUTE ? MINUTE : INTERVAL) {
      yield [at, { ...call, ...plain, at }, false];
    }
    yield [healedAt, { ...call, ...plain, at: healedAt }, true];
  }
}
