import assert from "node:assert/strict";
import { test } from "node:test";
import {
  entraError,
  gate,
  granted,
  Harness,
  HOUR,
  networkError,
  rejection,
  type Responder,
  respondWith,
  SCOPE,
  watch,
} from "../support/harness.ts";

/** Returns the responses in order, the last one for all further requests. */
function script(...responses: (() => ReturnType<Responder>)[]): Responder {
  return (_, index) => responses[Math.min(index, responses.length - 1)]!();
}

const unavailable = (headers: Record<string, string> = {}) => () => respondWith(503, "busy", headers);

for (
  const [what, fail] of Object.entries({
    ECONNREFUSED: () => Promise.reject(networkError("ECONNREFUSED")),
    EAI_AGAIN: () => Promise.reject(networkError("EAI_AGAIN")),
    EHOSTUNREACH: () => Promise.reject(networkError("EHOSTUNREACH")),
    EPIPE: () => Promise.reject(networkError("EPIPE")),
    "a body that breaks off": () => ({
      ...granted(),
      body: (async function* () {
        yield new Uint8Array([123]);
        throw networkError("ECONNRESET");
      })(),
    }),
    "408": () => respondWith(408, "slow"),
    "429": () => respondWith(429, "busy"),
    "500": () => respondWith(500, "oops"),
    "502": () => respondWith(502, "<html>"),
    "503": unavailable(),
    "504": () => respondWith(504, ""),
    "temporarily_unavailable": () => respondWith(400, { error: "temporarily_unavailable" }),
    ...Object.fromEntries(
      [90012, 90024, 90033, 90006, 50033, 90055].map((code) =>
        [`AADSTS${code}`, () => entraError(code, { status: 400 })] as const
      ),
    ),
    "AADSTS90033 beside another code": () => respondWith(400, { error: "e", error_codes: [1, 90033] }),
  })
) {
  test(`${what} is tried again, three times by default, with a growing wait`, async () => {
    const harness = new Harness();
    harness.random = 0.5;
    harness.respond = fail;
    const times: number[] = [];
    harness.respond = () => {
      times.push(harness.clock.now());
      return fail();
    };
    const caller = watch(harness.credential().getToken(SCOPE));
    await harness.clock.advance(20_000);
    assert.equal(caller.state, "failed");
    const waits = times.slice(1).map((time, index) => time - times[index]!);
    assert.deepEqual(waits, [750, 1500, 3000]);
    assert.equal(caller.error.details.attempts, 4);
    assert.equal(caller.error.details.elapsedInMs, 5250);
  });
}

for (
  const [what, fail, code] of [
    ["501", () => respondWith(501, ""), "response_invalid"],
    ["505", () => respondWith(505, ""), "response_invalid"],
    ["404", () => respondWith(404, "<html>"), "response_invalid"],
    ["199", () => respondWith(199, ""), "response_invalid"],
    ["299 without a token", () => respondWith(299, ""), "response_invalid"],
    ["AADSTS700016 after a success", () => entraError(700016), "entra_rejected"],
    ["AADSTS700212", () => entraError(700212), "entra_rejected"],
    ["AADSTS90002", () => entraError(90002, { status: 400 }), "entra_rejected"],
    ["a code that nobody knows", () => entraError(999999), "entra_rejected"],
    ["a rejected certificate", () => Promise.reject(networkError("CERT_HAS_EXPIRED")), "certificate_refused"],
    [
      "a denied permission",
      () => Promise.reject(Object.assign(new Error("Requires net access"), { name: "NotCapable" })),
      "permission_denied",
    ],
  ] as const
) {
  test(`${what} fails at once`, async () => {
    const harness = new Harness();
    const credential = harness.credential();
    await credential.getToken("a first success");
    harness.respond = fail as Responder;
    const caller = watch(credential.getToken(SCOPE));
    await harness.clock.advance(0);
    assert.equal(caller.error?.code, code);
    assert.equal(harness.requests.length, 2);
  });
}

for (const code of [70021, 700211, 700213, 70025, 90061, 50166, 501661, 700016]) {
  test(`AADSTS${code} gets at most two retries, since federated credentials replicate with delay`, async () => {
    const harness = new Harness();
    harness.respond = () => entraError(code);
    const caller = watch(harness.credential().getToken(SCOPE));
    await harness.clock.advance(60_000);
    assert.equal(caller.error.code, "entra_rejected");
    assert.equal(harness.requests.length, 3);
    assert.equal(caller.error.cause.name, "AuthenticationError");
    assert.deepEqual(caller.error.cause.errorResponse.errorCodes, [code]);
  });
}

test("a rejection that is cured within the retries is not reported to the caller", async () => {
  const harness = new Harness();
  harness.respond = script(() => entraError(700213), () => granted());
  const caller = watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(1000);
  assert.equal(caller.state, "given");
});

test("maxRetries 0 means no retry", async () => {
  const harness = new Harness();
  harness.respond = () => entraError(700213);
  const caller = watch(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
  await harness.clock.advance(0);
  assert.equal(caller.state, "failed");
  assert.equal(harness.requests.length, 1);
});

for (
  const [what, headers, expected] of [
    ["Retry-After in seconds", { "Retry-After": "7" }, 7000],
    ["Retry-After as a date", { "Retry-After": "Tue, 01 Jan 2030 00:00:09 GMT" }, 9000],
    ["a date by the server's clock", {
      "Retry-After": "Tue, 01 Jan 2030 01:00:09 GMT",
      "Date": "Tue, 01 Jan 2030 01:00:00 GMT",
    }, 9000],
    ["retry-after-ms", { "retry-after-ms": "1234", "Retry-After": "9" }, 1234],
    ["x-ms-retry-after-ms", { "x-ms-retry-after-ms": "4321" }, 4321],
    ["milliseconds that are not a number", {
      "retry-after-ms": "5x",
      "x-ms-retry-after-ms": "x5",
      "Retry-After": "7",
    }, 7000],
    ["a Retry-After with spaces around it", { "Retry-After": " 7 " }, 7000],
    ["milliseconds with spaces around them", { "retry-after-ms": " 1234 " }, 1234],
    ["a Retry-After as long as maxRetryDelayInMs", { "Retry-After": "64" }, 64_000],
    ["a Retry-After of 0 leaves it to the backoff", { "Retry-After": "0" }, 500],
    ["one that makes no sense too", { "Retry-After": "soon" }, 500],
  ] as const
) {
  test(`the wait of ${what} is honoured`, async () => {
    const harness = new Harness();
    harness.respond = script(unavailable(headers), () => granted());
    const caller = watch(harness.credential().getToken(SCOPE));
    await harness.clock.advance(expected - 1);
    assert.equal(caller.state, "pending");
    assert.equal(harness.requests.length, 1);
    await harness.clock.advance(1);
    assert.equal(caller.state, "given");
  });
}

test("a wait longer than maxRetryDelayInMs is not started: the call fails at once, with the time to retry", async () => {
  const harness = new Harness();
  harness.respond = unavailable({ "Retry-After": "65" });
  const caller = watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(0);
  assert.equal(caller.error.code, "entra_unavailable");
  assert.equal(caller.error.details.retryAfterInMs, 65_000);
  assert.match(caller.error.message, /65 s/);
});

test("a wait longer than a caller's deadline rejects that caller at once, and others still wait", async () => {
  const harness = new Harness();
  harness.respond = script(unavailable({ "Retry-After": "5" }), () => granted());
  const credential = harness.credential();
  const hurried = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 4_000 } }));
  const patient = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 60_000 } }));
  await harness.clock.advance(1000);
  assert.equal(hurried.error.code, "entra_unavailable");
  assert.equal(hurried.error.details.retryAfterInMs, 5_000);
  const late = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 3_000 } }));
  await harness.clock.advance(0);
  assert.equal(late.error.details.retryAfterInMs, 4_000);
  const exact = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 4_000 } }));
  await harness.clock.advance(0);
  assert.equal(exact.state, "pending");
  assert.equal(patient.state, "pending");
  await harness.clock.advance(4_000);
  assert.equal(patient.state, "given");
  assert.equal(harness.requests.length, 2);
});

test("clients that were rejected together do not retry together", async () => {
  const harness = new Harness();
  harness.respond = script(unavailable({ "Retry-After": "8" }), () => granted());
  harness.random = 0.5;
  const caller = watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(9_999);
  assert.equal(harness.requests.length, 1);
  await harness.clock.advance(1);
  assert.equal(caller.state, "given");
});

test("an explicit Retry-After is remembered for its key only", async () => {
  const harness = new Harness();
  harness.respond = ({ form }) =>
    form.get("scope") === SCOPE ? respondWith(429, "", { "Retry-After": "100" }) : granted();
  const credential = harness.credential();
  const first = watch(credential.getToken(SCOPE));
  await harness.clock.advance(40_000);
  assert.equal(first.error.code, "entra_throttled");
  const second = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 1000 } }));
  await credential.getToken("another scope");
  await harness.clock.advance(0);
  assert.equal(second.error.code, "entra_throttled");
  assert.equal(second.error.details.retryAfterInMs, 60_000);
  assert.equal(harness.requests.length, 2);
  harness.respond = () => granted();
  const third = watch(credential.getToken(SCOPE));
  await harness.clock.advance(59_999);
  assert.equal(third.state, "pending");
  await harness.clock.advance(1);
  assert.equal(third.state, "given");
});

test("a response without Retry-After delays no later call", async () => {
  const harness = new Harness();
  harness.respond = unavailable();
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  await assert.rejects(credential.getToken(SCOPE), { code: "entra_unavailable" });
  harness.respond = () => granted();
  await credential.getToken(SCOPE);
});

for (const jump of [-HOUR, HOUR]) {
  test(`a remembered Retry-After lasts as long as before when the clock is set by ${jump} ms`, async () => {
    const harness = new Harness();
    harness.respond = script(() => respondWith(429, "", { "Retry-After": "100" }), () => granted());
    const credential = harness.credential();
    await assert.rejects(credential.getToken(SCOPE), { code: "entra_throttled" });
    harness.clock.jump(jump);
    await harness.clock.advance(90_000);
    const { details } = await rejection(credential.getToken(SCOPE, { requestOptions: { timeout: 9_000 } }));
    assert.equal(details.retryAfterInMs, 10_000);
    await harness.clock.advance(10_000);
    await credential.getToken(SCOPE);
    assert.equal(harness.requests.length, 2);
  });
}

test("each attempt has a deadline, 10 s by default, and then another is made", async () => {
  const harness = new Harness();
  harness.respond = script(() => gate<never>().promise, () => granted());
  const caller = watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(9_999);
  assert.equal(harness.requests[0]!.init.signal!.aborted, false);
  await harness.clock.advance(1);
  assert.equal(harness.requests[0]!.init.signal!.aborted, true);
  await harness.clock.advance(500);
  assert.equal(caller.state, "given");
});

test("a deadline holds even for a fetch that ignores its signal, and for a body that never ends", async () => {
  const harness = new Harness();
  const deaf = () => gate<never>().promise;
  const endless = () =>
    Promise.resolve({
      ...granted(),
      body: (async function* () {
        await deaf();
        yield new Uint8Array();
      })(),
    });
  for (const fetch of [deaf, endless]) {
    const credential = harness.credential({
      fetch,
      requestTimeoutInMs: 300,
      retryOptions: { maxRetries: 0 },
    });
    const caller = watch(credential.getToken(SCOPE));
    await harness.clock.advance(300);
    assert.equal(caller.error.code, "timeout");
    assert.equal(harness.clock.pendingTimers, 0);
  }
});

for (const how of ["timeout", "abort"] as const) {
  test(`the random part on top of a Retry-After is not remembered with it after a caller's ${how}`, async () => {
    const harness = new Harness();
    harness.respond = script(() => respondWith(429, "", { "Retry-After": "30" }), () => granted());
    harness.random = 1;
    const credential = harness.credential();
    const controller = new AbortController();
    const gone = watch(credential.getToken(
      SCOPE,
      how === "abort" ? { abortSignal: controller.signal } : { requestOptions: { timeout: 29_000 } },
    ));
    await harness.clock.advance(0);
    controller.abort();
    await harness.clock.advance(30_000);
    assert.equal(gone.state, "failed");
    harness.random = 0;
    const later = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 1000 } }));
    await harness.clock.advance(0);
    assert.equal(later.state, "given");
  });
}

test("a retry that no caller waits for is not reported", async () => {
  const harness = new Harness();
  harness.respond = () => respondWith(429, "", { "Retry-After": "30" });
  const types: string[] = [];
  const credential = harness.credential({ onEvent: ({ type }) => void types.push(type) });
  await assert.rejects(credential.getToken(SCOPE, { requestOptions: { timeout: 1000 } }));
  assert.deepEqual(types, ["exchange_started", "assertion_read", "exchange_failed"]);
});
