import assert from "node:assert/strict";
import { test } from "node:test";
import {
  entraError,
  granted,
  Harness,
  networkError,
  rejection,
  type Responder,
  respondWith,
  SCOPE,
} from "../support/harness.ts";

async function failure(respond: Responder) {
  const harness = new Harness();
  harness.respond = respond;
  return await rejection(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
}

for (
  const [what, code, body] of [
    ["not JSON", "response_invalid", "<html>hush-of-a-proxy</html>"],
    ["empty", "response_invalid", ""],
    ["an array", "response_invalid", []],
    ["null", "response_invalid", "null"],
    ["without an access_token", "response_invalid", { token_type: "Bearer", expires_in: 1 }],
    ["with an access_token that is not a string", "response_invalid", {
      token_type: "Bearer",
      expires_in: 1,
      access_token: 7,
    }],
    ["with an empty access_token", "response_invalid", {
      token_type: "Bearer",
      expires_in: 1,
      access_token: "",
    }],
    ...[undefined, 0, -1, "", "soon", "1e3x", "1e3", "0x10", null, NaN, 48 * 3600 + 1, [3600], true].map((
      expires_in,
    ) =>
      [`with expires_in ${JSON.stringify(expires_in)}`, "response_invalid", {
        token_type: "Bearer",
        access_token: "hush-in-body",
        expires_in,
      }] as const
    ),
    ["of type pop", "response_invalid", {
      token_type: "pop",
      expires_in: 3600,
      access_token: "hush-in-body",
    }],
    ["without a type", "response_invalid", { expires_in: 3600, access_token: "hush-in-body" }],
    ["over 1 MiB", "response_too_large", " ".repeat(1024 * 1024 + 1)],
  ] as const
) {
  test(`a response ${what} is ${code}, and no part of it is in the message`, async () => {
    const error = await failure(() => respondWith(200, body));
    assert.equal(error.code, code);
    assert.equal(error.details.statusCode, 200);
    assert.ok(!`${error.message}${error.stack}${JSON.stringify(error)}`.includes("hush"));
  });
}

for (
  const [expires_in, refresh_in, lifeInMs, dueInMs] of [
    ["3599", "1800", 3_599_000, 1_800_000],
    ["3599.25", 1800.5, 3_599_250, 1_800_500],
    [48 * 3600, undefined, 48 * 3_600_000, 24 * 3_600_000],
    [600, 600, 600_000, 570_000],
    [600, 601, 600_000, 300_000],
    [600, 0, 600_000, 300_000],
  ] as const
) {
  test(`expires_in ${expires_in} and refresh_in ${refresh_in} are ${lifeInMs} and ${dueInMs} ms`, async () => {
    const harness = new Harness();
    harness.respond = () => granted({ expires_in, refresh_in, token_type: "bearer" });
    const token = await harness.credential().getToken(SCOPE);
    assert.equal(token.expiresOnTimestamp - harness.clock.now(), lifeInMs);
    assert.equal(token.refreshAfterTimestamp! - harness.clock.now(), dueInMs);
    assert.equal(token.tokenType, "Bearer");
  });
}

for (const status of [0, 300, 301, 302, 303, 307, 308, 399]) {
  test(`a redirect (${status}) is never followed, and its body is not read`, async () => {
    const body = granted().body!;
    const error = await failure(() => ({
      ...respondWith(status, "", { Location: "https://evil.example/" }),
      body,
    }));
    assert.equal(error.code, "redirect_refused");
    assert.equal(error.details.statusCode, status);
    assert.equal((await body[Symbol.asyncIterator]().next()).done, false);
  });
}

test("a rejection has Entra's error response as an AuthenticationError", async () => {
  const error = await failure(() => entraError(7000215, { status: 401 }));
  assert.equal(error.code, "entra_rejected");
  assert.equal(error.cause.name, "AuthenticationError");
  assert.equal(error.cause.statusCode, 401);
  assert.deepEqual({ ...error.cause.errorResponse }, {
    error: "invalid_client",
    errorDescription:
      "AADSTS7000215: Rejected. Trace ID: t Correlation ID: c Timestamp: 2030-01-01 00:00:00Z",
    errorCodes: [7000215],
    timestamp: "2030-01-01 00:00:00Z",
    traceId: "t",
    correlationId: "c",
  });
  assert.match(error.message, /AADSTS7000215/);
  assert.deepEqual([error.details.statusCode, error.details.correlationId], [401, "c"]);
});

const OPTIONAL = [
  ["error_description", "errorDescription", "No code."],
  ["error_codes", "errorCodes", [7]],
  ["timestamp", "timestamp", "now"],
  ["trace_id", "traceId", "t"],
  ["correlation_id", "correlationId", "c"],
] as const;
for (const [missing] of OPTIONAL) {
  test(`an error response without ${missing} is reported without it`, async () => {
    const present = OPTIONAL.filter(([field]) => field !== missing);
    const body = Object.fromEntries(present.map(([field, , value]) => [field, value]));
    const { cause } = await failure(() => respondWith(400, { error: "e", ...body }));
    const expected = Object.fromEntries(present.map(([, name, value]) => [name, value]));
    assert.deepEqual({ ...cause.errorResponse }, { error: "e", ...expected });
  });
}

for (
  const [what, description, date, clockSkewInMs] of [
    ["the header Date", "", "Tue, 01 Jan 2030 00:00:10 GMT", -10_000],
    [
      "Entra's text",
      "AADSTS700024: Current time: 2029-12-31T23:59:00.5Z",
      "Tue, 01 Jan 2030 00:00:10 GMT",
      60_000,
    ],
    ["neither", "Current time: never", undefined, undefined],
    ["an invalid date", "", "yesterday", undefined],
    ["a server without a clock", "", "Thu, 01 Jan 1970 00:00:00 GMT", undefined],
  ] as const
) {
  test(`the difference of the clocks by ${what} is ${clockSkewInMs}`, async () => {
    const { details } = await failure(() =>
      respondWith(400, { error: "e", error_description: description }, date ? { Date: date } : {})
    );
    assert.equal(details.clockSkewInMs, clockSkewInMs);
    assert.equal("clockSkewInMs" in details, clockSkewInMs !== undefined);
  });
}

for (const value of ["soon", "9x", "x9", "9 s"]) {
  test(`the Retry-After ${JSON.stringify(value)} is not a number of seconds`, async () => {
    const { details } = await failure(() => respondWith(503, "", { "Retry-After": value }));
    assert.ok([undefined, 0].includes(details.retryAfterInMs), String(details.retryAfterInMs));
  });
}

test("at most ten codes are kept, and only whole numbers", async () => {
  const codes = [1.5, "700016", ...Array.from({ length: 12 }, (_, index) => index + 1)];
  const { details } = await failure(() => respondWith(400, { error: "e", error_codes: codes }));
  assert.deepEqual(details.errorCodes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a rejection cannot control a terminal or forge a line, not even from the cause", async () => {
  const text = "AADSTS700016: one\r\nforged\u001b[2J\u2028line";
  const body = { error: "invalid_client\n\u001b[31m", error_description: text, trace_id: text };
  const { message, cause } = await failure(() => respondWith(400, body));
  for (const text of [message.split("\n")[0], cause.message, ...Object.values(cause.errorResponse)]) {
    for (const control of ["\r", "\n", "\u001b", "\u2028"]) assert.ok(!String(text).includes(control));
  }
  assert.deepEqual(cause.errorResponse.errorCodes, [700016]);
});

test("the code is read from the text if the list of codes is missing", async () => {
  const error = await failure(() =>
    respondWith(400, { error: "invalid_request", error_description: "AADSTS700016: Not found" })
  );
  assert.deepEqual(error.cause.errorResponse.errorCodes, [700016]);
});

test("a network error is the cause, and the message names host and reason", async () => {
  const cause = new TypeError("fetch failed", {
    cause: Object.assign(new Error("getaddrinfo EAI_AGAIN login"), { code: "EAI_AGAIN" }),
  });
  const error = await failure(() => Promise.reject(cause));
  assert.equal(error.code, "network_failed");
  assert.ok(error.cause instanceof Error);
  assert.equal(error.cause.message, cause.message);
  assert.match(error.message, /login\.microsoftonline\.com/);
  assert.match(error.message, /EAI_AGAIN/);
  assert.match(error.details.correlationId!, /^[0-9a-f-]{36}$/);
  assert.equal("statusCode" in error.details, false);
});

for (
  const reason of [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "invalid peer certificate: UnknownIssuer",
  ]
) {
  test(`${reason} is a rejected certificate`, async () => {
    const error = await failure(() =>
      Promise.reject(new TypeError("fetch failed", { cause: new Error(reason) }))
    );
    assert.equal(error.code, "certificate_refused");
  });
}

test("an invalid response of a custom fetch is a failure like any other", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const token = await credential.getToken(SCOPE);
  const broken = { status: 400, headers: {}, body: null };
  harness.respond = () => broken as never;
  assert.equal((await rejection(credential.getToken("another scope"))).code, "response_invalid");
  const types: string[] = [];
  credential.subscribe(({ type }) => void types.push(type));
  harness.clock.jump(token.refreshAfterTimestamp! - harness.clock.now());
  for (let call = 0; call < 3; call++) {
    assert.equal(await credential.getToken(SCOPE), token);
    await harness.clock.advance(0);
  }
  assert.deepEqual(types.filter((type) => type.startsWith("exchange_")), [
    "exchange_started",
    "exchange_failed",
  ]);
});

for (const response of [undefined, null, {}, { status: 200 }, { status: 200, headers: { get: 1 } }]) {
  test(`${JSON.stringify(response)} from a custom fetch is response_invalid`, async () => {
    const error = await failure(() => response as never);
    assert.equal(error.code, "response_invalid");
    assert.match(error.message, /not return a response with a status and headers/);
  });
}

const HOST = "login.microsoftonline.com";
const circular = Object.assign(new Error("circular"), { name: "Circular" });
circular.cause = circular;
const nested = (levels: number): Error =>
  new Error(`level ${levels}`, levels > 1 ? { cause: nested(levels - 1) } : {});
for (
  const [thrown, message] of [
    [Object.assign(new Error("no route"), { code: "ENETUNREACH" }), "ENETUNREACH: no route"],
    [Object.assign(new Error("connect ENETUNREACH"), { code: "ENETUNREACH" }), "connect ENETUNREACH"],
    [Object.assign(new Error(""), { code: "ENETUNREACH" }), "ENETUNREACH"],
    [Object.assign(new Error("no route"), { code: 7 }), "no route"],
    [new Error(""), "unknown reason"],
    [new Error("outer", { cause: new Error("") }), "outer"],
    [new Error("outer", { cause: "text" }), "outer"],
    [nested(5), "level 1"],
    [nested(6), "level 2"],
    [circular, "circular"],
    ["a text", "unknown reason"],
    [undefined, "unknown reason"],
  ] as const
) {
  test(`the reason of ${String(thrown)} is ${message}`, async () => {
    const error = await failure(() => Promise.reject(thrown));
    assert.equal(error.message.split("\n")[0], `Cannot connect to ${HOST}: ${message}.`);
  });
}

test("causes are kept six levels deep, with codes that are texts or numbers", async () => {
  const messages: string[] = [];
  const { cause } = await failure(() => Promise.reject(nested(8)));
  for (let error = cause; error; error = error.cause) messages.push(error.message);
  assert.deepEqual(messages, [8, 7, 6, 5, 4, 3].map((level) => `level ${level}`));
  for (const [code, kept] of [["E", "E"], [5, 5], [{}, undefined], [undefined, undefined]]) {
    const error = await failure(() => Promise.reject(Object.assign(new Error("x"), { code })));
    assert.equal(error.cause.code, kept);
    assert.equal("code" in error.cause, kept !== undefined);
  }
});

for (
  const [thrown, name, message] of [["a text", "Error", "a text"], [null, "Error", ""], [7, "Error", ""]]
) {
  test(`${JSON.stringify(thrown)} that was thrown is the cause as an error`, async () => {
    const { cause } = await failure(() => Promise.reject(thrown));
    assert.ok(cause instanceof Error);
    assert.deepEqual([cause.name, cause.message], [name, message]);
  });
}

for (
  const [what, error, code] of [
    ["a certificate", networkError("CERT_HAS_EXPIRED"), "certificate_refused"],
    [
      "a permission",
      Object.assign(new Error("Requires net access"), { name: "NotCapable" }),
      "permission_denied",
    ],
  ] as const
) {
  test(`the error about ${what} is the cause`, async () => {
    const { code: actual, cause } = await failure(() => Promise.reject(error));
    assert.equal(actual, code);
    assert.equal(cause.message, error.message);
  });
}

for (const status of [undefined, 200.5, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"]) {
  test(`a status of ${typeof status} from a custom fetch is response_invalid, and is not quoted`, async () => {
    const harness = new Harness();
    harness.respond = () => ({ ...granted(), status: status as number });
    const error = await rejection(harness.credential().getToken(SCOPE));
    assert.equal(error.code, "response_invalid");
    assert.match(error.message, /did not return a response with a status and headers/);
    assert.ok(!error.message.includes("eyJ"));
  });
}

const BODIES: Record<string, unknown> = {
  "a text": { body: "text" },
  "a number": { body: 5 },
  "a stream of texts": { body: new Blob(["text"]).stream().pipeThrough(new TextDecoderStream()) },
  "a text method without a text": { body: null, text: () => Promise.resolve(5) },
};
for (const [what, body] of Object.entries(BODIES)) {
  for (const status of [200, 400]) {
    test(`${what} as the body of a response with status ${status} is response_invalid, and not sent again`, async () => {
      const harness = new Harness();
      const { text: _, ...response } = granted();
      harness.respond = () => ({ ...response, status, ...body as object });
      const error = await rejection(harness.credential().getToken(SCOPE));
      assert.equal(error.code, "response_invalid");
      assert.equal(harness.requests.length, 1);
    });
  }
}

for (const message of [5, undefined, ""]) {
  test(`an error whose text is ${JSON.stringify(message)} keeps its code`, async () => {
    const broken = Object.assign(new Error(), { message });
    for (
      const [option, code] of [["fetch", "network_failed"], ["getAssertion", "assertion_callback_failed"]]
    ) {
      const credential = new Harness().credential({
        retryOptions: { maxRetries: 0 },
        [option!]: () => Promise.reject(broken),
      });
      assert.equal((await rejection(credential.getToken(SCOPE))).code, code);
    }
  });
}
