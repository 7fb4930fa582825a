import assert from "node:assert/strict";
import { test } from "node:test";
import type { CredentialEvent, WorkloadIdentityCredentialOptions } from "../../src/core/mod.ts";
import { runChild } from "../support/child.ts";
import { fileURLToPath } from "node:url";
import {
  entraError,
  gate,
  granted,
  Harness,
  networkError,
  projectedToken,
  rejection,
  respondWith,
  SCOPE,
  watch,
} from "../support/harness.ts";

function listen(harness: Harness, options: WorkloadIdentityCredentialOptions = {}) {
  const events: CredentialEvent[] = [];
  return {
    events,
    credential: harness.credential({ onEvent: (event) => void events.push(event), ...options }),
  };
}

const types = (events: CredentialEvent[]) => events.map(({ type }) => type);

test("an exchange is reported from start to end; a cache hit is not an event", async () => {
  const harness = new Harness();
  const { events, credential } = listen(harness);
  const { expiresOnTimestamp } = await credential.getToken(SCOPE);
  await credential.getToken(SCOPE);
  const correlationId = harness.requests[0]!.init.headers["client-request-id"];
  const time = harness.clock.now();
  assert.deepEqual(events, [
    {
      time,
      type: "exchange_started",
      exchangeId: 1,
      background: false,
      scopes: [SCOPE],
      authority: "https://login.microsoftonline.com",
      forced: false,
    },
    { time, type: "assertion_read", exchangeId: 1, durationInMs: 0 },
    {
      time,
      type: "exchange_succeeded",
      exchangeId: 1,
      durationInMs: 0,
      attempts: 1,
      expiresOnTimestamp,
      correlationId,
    },
  ]);
  assert.ok(events.every(Object.isFrozen));
});

test("tenant and client IDs are included only if loggingOptions allows it", async () => {
  const harness = new Harness();
  const { events, credential } = listen(harness, {
    loggingOptions: { allowLoggingAccountIdentifiers: true },
  });
  await credential.getToken(SCOPE);
  const [started] = events;
  assert.ok(started?.type === "exchange_started");
  assert.equal(started.tenantId, harness.env.AZURE_TENANT_ID);
  assert.equal(started.clientId, harness.env.AZURE_CLIENT_ID);
});

test("retries and the failure are reported with code, status and correlation id", async () => {
  const harness = new Harness();
  harness.respond = (_, index) =>
    index === 0 ? Promise.reject(networkError("ECONNRESET")) : entraError(7000215);
  const { events, credential } = listen(harness);
  const caller = watch(credential.getToken(SCOPE));
  await harness.clock.advance(500);
  assert.equal(caller.state, "failed");
  assert.deepEqual(types(events), [
    "exchange_started",
    "assertion_read",
    "exchange_retried",
    "exchange_failed",
  ]);
  const [, , retried, failed] = events;
  assert.ok(retried?.type === "exchange_retried" && failed?.type === "exchange_failed");
  assert.deepEqual([retried.code, retried.delayInMs], ["network_failed", 500]);
  assert.ok(!("statusCode" in retried) && !("errorCodes" in retried));
  assert.deepEqual(
    [failed.code, failed.statusCode, failed.errorCodes, failed.attempts, failed.durationInMs],
    [
      "entra_rejected",
      401,
      [7000215],
      2,
      500,
    ],
  );
  assert.equal(failed.correlationId, harness.requests[1]!.init.headers["client-request-id"]);
});

const EXPIRY_IN_SECONDS = 1_893_459_600;
const ages = [[-1, undefined], [0, 0], [1, 1], [3_600_000, 3_600_000]] as const;
for (const [sinceExpiryInMs, ageInMs] of ages) {
  test(`a token file that was read ${sinceExpiryInMs} ms after its exp: age ${ageInMs}`, async () => {
    const harness = new Harness();
    harness.clock.jump(EXPIRY_IN_SECONDS * 1000 + sinceExpiryInMs - harness.clock.now());
    const { events, credential } = listen(harness);
    await credential.getToken(SCOPE);
    const stale = events.filter(({ type }) => type === "assertion_stale");
    const time = harness.clock.now();
    const expected = { time, type: "assertion_stale", exchangeId: 1, ageInMs };
    assert.deepEqual(stale, ageInMs === undefined ? [] : [expected]);
    assert.deepEqual(types(events).filter((type) => type !== "assertion_stale"), [
      "exchange_started",
      "assertion_read",
      "exchange_succeeded",
    ]);
  });
}

test("an expired token file is reported again when it is read again, and a new one is not", async () => {
  const harness = new Harness();
  const stale = harness.file = projectedToken({ exp: 1 });
  harness.respond = ({ form }) => {
    if (form.get("client_assertion") !== stale) return granted();
    harness.file = projectedToken({ jti: "fresh" });
    return entraError(700024);
  };
  const { events, credential } = listen(harness);
  await credential.getToken(SCOPE);
  assert.deepEqual(types(events), [
    "exchange_started",
    "assertion_read",
    "assertion_stale",
    "assertion_read",
    "exchange_retried",
    "exchange_succeeded",
  ]);
});

test("an assertion whose expiry cannot be read, or that getAssertion returns, is not reported as stale", async () => {
  const harness = new Harness();
  const files = [
    projectedToken({ exp: undefined }),
    projectedToken({ exp: "1" }),
    projectedToken({ exp: null }),
    "a.b.c",
    `a.${btoa("null")}.c`.replaceAll("=", ""),
    `a.${btoa("[1]")}.c`.replaceAll("=", ""),
  ];
  for (const file of files) {
    harness.file = file;
    const { events, credential } = listen(harness);
    await credential.getToken(SCOPE);
    assert.deepEqual(types(events), ["exchange_started", "assertion_read", "exchange_succeeded"], file);
  }
  const getAssertion = () => Promise.resolve(projectedToken({ exp: 1 }));
  const { events, credential } = listen(harness, { getAssertion });
  await credential.getToken(SCOPE);
  assert.deepEqual(types(events), ["exchange_started", "assertion_read", "exchange_succeeded"]);
});

test("a refresh that fails is reported as deferred", async () => {
  const harness = new Harness();
  const { events, credential } = listen(harness);
  const { refreshAfterTimestamp } = await credential.getToken(SCOPE);
  harness.clock.jump(refreshAfterTimestamp! - harness.clock.now());
  harness.respond = () => entraError(700016);
  events.length = 0;
  await credential.getToken(SCOPE);
  await harness.clock.advance(0);
  assert.deepEqual(types(events), [
    "exchange_started",
    "assertion_read",
    "exchange_failed",
    "refresh_deferred",
  ]);
  const deferred = events.at(-1)!;
  assert.ok(
    deferred.type === "refresh_deferred" && deferred.delayInMs === 30_000 && deferred.exchangeId === 2,
  );
});

test("joining callers, and an exchange whose callers have all aborted, are reported with the callers' tracing contexts", async () => {
  const harness = new Harness();
  harness.respond = () => gate<never>().promise;
  const { events, credential } = listen(harness);
  const context = () => {
    const tracingContext = {
      setValue: () => tracingContext,
      getValue: () => undefined,
      deleteValue: () => tracingContext,
    };
    return tracingContext;
  };
  const [one, two] = [context(), context()];
  const controller = new AbortController();
  const abortSignal = controller.signal;
  watch(credential.getToken(SCOPE, { abortSignal, tracingOptions: { tracingContext: one } }));
  watch(credential.getToken(SCOPE, { abortSignal, tracingOptions: { tracingContext: two } }));
  await harness.clock.advance(7);
  controller.abort();
  await harness.clock.advance(0);
  assert.deepEqual(types(events), [
    "exchange_started",
    "exchange_joined",
    "assertion_read",
    "exchange_failed",
  ]);
  const [started, joined, , failed] = events;
  assert.ok(started?.type === "exchange_started" && started.tracingContext === one);
  assert.ok(joined?.type === "exchange_joined" && joined.tracingContext === two);
  assert.ok(failed?.type === "exchange_failed" && failed.code === "aborted" && failed.durationInMs === 7);
});

test("a region that cannot be detected is reported, and requests go to the global endpoint", async () => {
  const harness = new Harness();
  harness.env.AZURE_REGIONAL_AUTHORITY_NAME = "AutoDiscoverRegion";
  const { events, credential } = listen(harness);
  assert.deepEqual(types(events), ["region_not_found"]);
  await credential.getToken(SCOPE);
  assert.match(harness.requests[0]!.url, /^https:\/\/login\.microsoftonline\.com\//);
});

test("a proxy that the runtime ignores is reported once, in an event and in the error", async () => {
  const harness = new Harness();
  harness.respond = () => Promise.reject(networkError("ECONNREFUSED"));
  Object.assign(harness.runtime, {
    describeIgnoredProxy: () => "HTTPS_PROXY is set in vain.",
  });
  const { events, credential } = listen(harness, { retryOptions: { maxRetries: 0 } });
  const messages = [await rejection(credential.getToken(SCOPE)), await rejection(credential.getToken(SCOPE))];
  assert.deepEqual(messages.map(({ message }) => message.includes("HTTPS_PROXY is set in vain.")), [
    true,
    false,
  ]);
  assert.equal(types(events).filter((type) => type === "proxy_ignored").length, 1);
});

test("the wait in an event includes the random part that is added to a Retry-After", async () => {
  const harness = new Harness();
  harness.random = 1;
  harness.respond = (_, index) => index === 0 ? respondWith(503, "", { "Retry-After": "8" }) : granted();
  const { events, credential } = listen(harness);
  const caller = watch(credential.getToken(SCOPE));
  await harness.clock.advance(12_000);
  assert.equal(caller.state, "given");
  const retried = events.find(({ type }) => type === "exchange_retried");
  assert.equal(retried?.type === "exchange_retried" && retried.delayInMs, 12_000);
});

const PROXY_IS_IGNORED = "HTTPS_PROXY is set in vain.";
for (
  const [what, respond, explanation, isReported] of [
    ["a network failure", () => Promise.reject(networkError("ECONNREFUSED")), PROXY_IS_IGNORED, true],
    ["a timeout", () => gate<never>().promise, PROXY_IS_IGNORED, true],
    ["a rejection", () => entraError(7000215), PROXY_IS_IGNORED, false],
    [
      "a network failure without a proxy",
      () => Promise.reject(networkError("ECONNREFUSED")),
      undefined,
      false,
    ],
  ] as const
) {
  test(`after ${what}, an ignored proxy is ${isReported ? "" : "not "}reported`, async () => {
    for (const listens of [true, false]) {
      const harness = new Harness();
      harness.respond = respond;
      Object.assign(harness.runtime, { describeIgnoredProxy: () => explanation });
      const reported: string[] = [];
      const credential = harness.credential({
        retryOptions: { maxRetries: 0 },
        ...(listens && { onEvent: ({ type }) => void reported.push(type) }),
      });
      const caller = watch(credential.getToken(SCOPE));
      await harness.clock.advance(10_000);
      assert.equal(caller.error.message.includes(PROXY_IS_IGNORED), isReported);
      assert.match(caller.error.message, /\n {2}Cause: /);
      assert.equal(reported.includes("proxy_ignored"), isReported && listens);
    }
  });
}

test("with the option fetch, no ignored proxy is reported, and the error has its advice", async () => {
  const harness = new Harness();
  Object.assign(harness.runtime, { describeIgnoredProxy: () => PROXY_IS_IGNORED });
  const fetch = () => Promise.reject(networkError("ECONNREFUSED"));
  const { message } = await rejection(
    harness.credential({ fetch, retryOptions: { maxRetries: 0 } }).getToken(SCOPE),
  );
  assert.ok(!message.includes(PROXY_IS_IGNORED));
  assert.match(message, /\n {2}Cause: /);
});

test("a listener that throws or rejects has no effect", async () => {
  for (
    const onEvent of [
      () => {
        throw new Error("a listener's own");
      },
      () => Promise.reject(new Error("a listener's own")) as unknown as void,
    ]
  ) {
    const harness = new Harness();
    await harness.credential({ onEvent }).getToken(SCOPE);
    await harness.clock.advance(0);
  }
});

test("subscribe adds a listener in addition to onEvent, until the subscription ends", async () => {
  const harness = new Harness();
  const { events, credential } = listen(harness);
  const later: CredentialEvent[] = [];
  const end = credential.subscribe((event) => void later.push(event));
  await credential.getToken(SCOPE);
  assert.equal(later.length, 3);
  assert.deepEqual(later, events);
  end();
  await credential.getToken(SCOPE, { forceRefresh: true });
  assert.equal(later.length, 3);
  assert.equal(events.length, 6);
});

test("no event of any path contains a token or an assertion", async () => {
  const assertion = projectedToken();
  const printed: string[] = [];
  for (
    const fail of [
      () => granted({ access_token: assertion }),
      () =>
        respondWith(400, {
          error: assertion,
          error_description: assertion,
          error_codes: [1],
          correlation_id: assertion,
        }),
      () => respondWith(503, assertion, { "retry-after": assertion }),
      () => Promise.reject(new Error(assertion)),
      () => respondWith(302, assertion, { location: assertion }),
    ]
  ) {
    const harness = new Harness();
    harness.file = assertion;
    harness.respond = fail;
    const { events, credential } = listen(harness, { retryOptions: { maxRetries: 1, retryDelayInMs: 0 } });
    const calls = [watch(credential.getToken(SCOPE)), watch(credential.getToken(SCOPE))];
    await harness.clock.advance(1000);
    assert.ok(calls.every(({ state }) => state !== "pending"));
    printed.push(JSON.stringify(events));
  }
  assert.ok(!printed.join().includes(assertion.split(".")[2]!));
  assert.match(printed.join(), /exchange_succeeded.*exchange_retried.*exchange_failed/);
});

const PROGRAM = fileURLToPath(new URL("./log_program.ts", import.meta.url));
const log = (level?: string) =>
  runChild(PROGRAM, level === undefined ? {} : { env: { AZURE_LOG_LEVEL: level } });

test("AZURE_LOG_LEVEL prints the events to standard error, one line each, and no secret", async () => {
  const { stdout, stderr, code } = await log("verbose");
  assert.equal(code, 0);
  assert.equal(stdout, "");
  const lines = stderr.trimEnd().split("\n");
  assert.ok(
    lines.every((line) =>
      /^workload-id:(error|warning|info|verbose) \d{4}-\d\d-\d\dT[\d:.]+Z [a-z_]+ /.test(line)
    ),
    stderr,
  );
  for (const type of ["exchange_started", "assertion_read", "exchange_succeeded", "exchange_failed"]) {
    assert.ok(stderr.includes(` ${type} `), stderr);
  }
  assert.ok(!/hush|tenant\.example|the-client/.test(stderr), stderr);
});

test("without AZURE_LOG_LEVEL nothing is printed", async () => {
  assert.equal((await log()).stderr, "");
});

test("an invalid AZURE_LOG_LEVEL causes a warning, not an error", async () => {
  const { stderr, code } = await log("loud");
  assert.equal(code, 0);
  assert.match(stderr, /^workload-id:warning AZURE_LOG_LEVEL is not one of error, warning, info, verbose/);
  assert.match(stderr, / exchange_succeeded /);
});

test("a caller's tracing options change only the tracing context of an event", async () => {
  const harness = new Harness();
  const { events, credential } = listen(harness);
  const tracingOptions = { tracingContext: { own: true }, exchangeId: 99, type: "other" } as never;
  await credential.getToken(SCOPE, { tracingOptions });
  assert.deepEqual(events.map(({ type }) => type), [
    "exchange_started",
    "assertion_read",
    "exchange_succeeded",
  ]);
  assert.ok(events.every((event) => "exchangeId" in event && event.exchangeId === 1));
});

test("ending a subscription does not end onEvent", async () => {
  const harness = new Harness();
  let count = 0;
  const onEvent = () => void count++;
  const credential = harness.credential({ onEvent });
  credential.subscribe(onEvent)();
  await credential.getToken(SCOPE);
  assert.equal(count, 3);
});
