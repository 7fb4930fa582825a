import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { ErrorReporter } from "../../src/core/acquisition/error_reporter.ts";
import { SteadyClock } from "../../src/core/clock.ts";
import type { Runtime } from "../../src/core/mod.ts";
import { Failure } from "../../src/core/failure.ts";
import { resolveConfig } from "../../src/core/settings/config.ts";
import { ManualClock } from "../../src/testing/mod.ts";

// The diagnosis is loaded by the first failure here, so this file imports no harness, which loads it earlier.
test("an error does not contain the assertion that was sent, if another one is read while the diagnosis loads", async () => {
  const clock = new SteadyClock(new ManualClock());
  const runtime: Runtime = {
    name: "test",
    clock,
    env: () => undefined,
    fetch: () => Promise.reject(new Error("not used")),
    readTextFile: () => Promise.reject(new Error("not used")),
  };
  const options = { tenantId: "tenant", clientId: "client", getAssertion: () => Promise.resolve("") };
  const config = resolveConfig(options, runtime, clock);
  const { authority, endpoint, tenantId, clientId } = config;
  const parameters = {
    ...{ authority, endpoint, tenantId, clientId },
    scopes: ["https://vault.azure.net/.default"],
    claims: undefined,
    fmiPath: undefined,
  };
  const state = {
    exchangeId: 1,
    startedAt: 0,
    attempts: 1,
    retries: 0,
    assertion: "an.opaque.assertion",
    correlationId: "",
    hasReadAgain: false,
  };
  const cause = new Error("connection lost while sending an.opaque.assertion");
  const failure = new Failure("network_failed", "The connection was lost", { cause });
  const explained = new ErrorReporter(config, runtime, clock).explain(failure, parameters, state, Infinity);
  state.assertion = "another.opaque.assertion";
  state.attempts = 2;
  const error = await explained;
  assert.match(inspect(error), /connection lost while sending \[token removed\]/);
  assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes("an.opaque.assertion"));
  assert.equal((error as { details?: { attempts: number } }).details?.attempts, 1);
});
