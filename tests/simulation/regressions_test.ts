/** Shrunken histories that once broke an invariant, each named after the defect. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Call, type CredentialPlan, HOUR, MINUTE, type Plan } from "./plan.ts";
import { simulate } from "./simulation.ts";
import { loadDiagnosis } from "../../src/core/acquisition/error_reporter.ts";

const POD: CredentialPlan = {
  driftInPpm: 0,
  source: "file",
  maxRetries: 3,
  retryDelayInMs: 1000,
  maxRetryDelayInMs: 64_000,
  requestTimeoutInMs: 10_000,
  maxConcurrentExchanges: 64,
  lifetime: 3600,
  refreshIn: undefined,
  replicatedAt: 0,
  rejectedWith: 70021,
};
const CALL: Call = {
  at: 0,
  credential: 0,
  scope: 0,
  tenant: 0,
  cae: false,
  demand: "plain",
  timeoutInMs: undefined,
  abortAfterInMs: undefined,
  mistake: undefined,
};

const REGRESSIONS: Record<string, Omit<Plan, "seed" | "credentials">> = {
  "a Retry-After was forgotten when the callers who waited for it aborted": {
    calls: [{ ...CALL, abortAfterInMs: 5_000 }, { ...CALL, at: 6_000 }],
    faults: [{
      at: "endpoint",
      from: 0,
      to: 5_000,
      credential: 0,
      share: 1,
      fault: { kind: "status", status: 429, retryAfter: { form: "seconds", delayInMs: 30_000 } },
    }],
    quietFrom: MINUTE,
  },
  "a clock set back by less than the token's age left it fresh past its true end": {
    calls: [CALL, { ...CALL, at: 50 * MINUTE }, { ...CALL, at: 51 * MINUTE }],
    faults: [{ at: "clock", from: 50 * MINUTE + 1, to: 50 * MINUTE + 1, credential: 0, byMs: -49 * MINUTE }],
    quietFrom: HOUR + 10 * MINUTE,
  },
};

await loadDiagnosis();
for (const [name, history] of Object.entries(REGRESSIONS)) {
  test(name, async () => {
    const { violation } = await simulate({ seed: 1, credentials: [POD], ...history });
    assert.equal(violation, undefined);
  });
}
