import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CredentialEvent } from "../../src/core/mod.ts";
import { createLog } from "../../src/core/settings/log.ts";

const LEVELS = ["error", "warning", "info", "verbose"] as const;
const LEVEL_OF: Record<CredentialEvent["type"], typeof LEVELS[number]> = {
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
const TIME = Date.UTC(2030, 0, 1);

/** Returns the lines that the log prints for some events. */
function print(level: string, ...events: object[]): string[] {
  const lines: string[] = [];
  const log = createLog(level, (line) => lines.push(line));
  for (const event of events) log({ time: TIME, ...event } as CredentialEvent);
  return lines;
}

describe("a level prints its own events and more severe ones", () => {
  for (const [type, own] of Object.entries(LEVEL_OF)) {
    test(`${type} is printed from ${own} on`, () => {
      const line = `workload-id:${own} 2030-01-01T00:00:00.000Z ${type}`;
      for (const [index, level] of LEVELS.entries()) {
        assert.deepEqual(print(level, { type }), LEVELS.indexOf(own) <= index ? [line] : [], level);
      }
    });
  }
});

test("a level may have spaces around it and any case", () => {
  assert.deepEqual(print(" Error ", { type: "exchange_failed" }, { type: "exchange_retried" }).length, 1);
});

test("an invalid level causes a warning and means info", () => {
  const lines = print("loud", { type: "exchange_started" }, { type: "assertion_read" });
  assert.deepEqual(lines, [
    "workload-id:warning AZURE_LOG_LEVEL is not one of error, warning, info, verbose: using info",
    "workload-id:info 2030-01-01T00:00:00.000Z exchange_started",
  ]);
});

test("a line has every field that has a value, but not the caller's tracing context", () => {
  const fields = {
    code: "timeout",
    attempts: 2,
    errorCodes: [90024],
    statusCode: undefined,
    explanation: "three\r\n\nlines\nhere",
    tracingContext: { hush: 1 },
  };
  assert.deepEqual(print("info", { type: "exchange_failed", ...fields }), [
    "workload-id:error 2030-01-01T00:00:00.000Z exchange_failed code=timeout attempts=2 errorCodes=[90024] " +
    "explanation=three lines here",
  ]);
});
