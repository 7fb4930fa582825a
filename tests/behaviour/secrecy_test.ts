import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { AuthenticationError, CredentialUnavailableError, type ErrorResponse } from "../../src/core/mod.ts";
import { Harness, projectedToken, rejection, respondWith, SCOPE } from "../support/harness.ts";

/** Returns everything that a logger might print of a value. */
function everything(value: unknown): string {
  const printed = [inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value), String(value)];
  for (let error = value; error instanceof Error; error = error.cause) {
    printed.push(error.message, String(error.stack), JSON.stringify(error), inspect(error, { depth: 20 }));
  }
  return printed.join("\n");
}

test("no token and no assertion in inspect, JSON or text of the credential", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const { token } = await credential.getToken(SCOPE);
  const printed = everything(credential);
  assert.ok(!printed.includes(token));
  assert.ok(!printed.includes(harness.file as string));
});

test("no token and no assertion in any error", async () => {
  const assertion = projectedToken();
  const signature = assertion.split(".")[2]!;
  const repeats = `the request held ${assertion}`;
  const harnesses: Harness[] = [];
  const scenario = (change: (harness: Harness) => void) => {
    const harness = new Harness();
    harness.file = assertion;
    change(harness);
    harnesses.push(harness);
  };
  for (const status of [200, 400, 401, 403, 429, 500, 302]) {
    scenario((harness) =>
      harness.respond = () =>
        respondWith(status, { error: repeats, error_description: repeats, access_token: repeats })
    );
    scenario((harness) =>
      harness.respond = () => respondWith(status, repeats, { location: repeats, "retry-after": repeats })
    );
    scenario((harness) =>
      harness.respond = () =>
        respondWith(status, { error: "e", trace_id: repeats, correlation_id: repeats, timestamp: repeats })
    );
  }
  scenario((harness) => harness.respond = () => Promise.reject(new Error(repeats)));
  scenario((harness) =>
    harness.respond = () => Promise.reject(new Error("outer", { cause: new Error(repeats) }))
  );
  scenario((harness) =>
    harness.respond = () => Promise.reject(Object.assign(new Error("outer"), { body: assertion }))
  );
  scenario((harness) =>
    harness.respond = () =>
      Promise.reject(Object.assign(new Error("outer"), { request: { body: assertion } }))
  );
  scenario((harness) => {
    const circular = Object.assign(new Error("outer"), { request: { headers: { body: assertion } } });
    harness.respond = () => Promise.reject(Object.assign(circular, { self: circular }));
  });
  scenario((harness) => harness.file = `{"token": "${assertion}"}`);
  for (const harness of harnesses) {
    const error = await rejection(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
    const printed = everything(error);
    assert.ok(!printed.includes(assertion) && !printed.includes(signature), error.code);
  }
});

test("an opaque assertion that a response repeats is removed too", async () => {
  const harness = new Harness();
  const assertion = "opaque-header.opaque-payload.opaque-signature";
  harness.respond = () =>
    respondWith(400, { error: "invalid", error_description: `AADSTS50027: ${assertion}` });
  const credential = harness.credential({
    getAssertion: () => Promise.resolve(assertion),
    retryOptions: { maxRetries: 0 },
  });
  const error = await rejection(credential.getToken(SCOPE));
  assert.ok(!everything(error).includes("opaque-signature"));
});

function fail(text: string): never {
  throw new Error(text);
}

/** Returns a proxy that runs a function when its class is examined. */
function trap(body: () => never): object {
  return new Proxy({}, { getPrototypeOf: body });
}

function formOf(text: string): FormData {
  const form = new FormData();
  form.set("assertion", text);
  return form;
}

test("the cause keeps name, code, message and stack, and the details of this package's own errors", async () => {
  class BrokerError extends Error {
    override name = "BrokerError";
    code = "E_BROKER";
  }
  const inner = new CredentialUnavailableError("hop 1 failed", "entra_rejected", {
    errorCodes: [700213],
    diagnosis: { name: "AADSTS700213", cause: "c", fix: "f", commands: [], notes: [], source: "s" },
  }, { cause: new AuthenticationError(401, { error: "invalid_client" }) });
  const thrown = new BrokerError("the broker is down", { cause: inner });
  const credential = new Harness().credential({ getAssertion: () => Promise.reject(thrown) });
  const { cause } = await rejection(credential.getToken(SCOPE));
  assert.ok(cause instanceof Error && "code" in cause);
  assert.deepEqual([cause.name, cause.code, cause.message], [
    "BrokerError",
    "E_BROKER",
    "the broker is down",
  ]);
  assert.match(cause.stack!, /secrecy_test/);
  assert.ok(cause.cause instanceof CredentialUnavailableError);
  assert.equal(cause.cause.code, "entra_rejected");
  assert.deepEqual(cause.cause.details, inner.details);
  assert.ok(cause.cause.cause instanceof AuthenticationError);
});

test("the text of a certificate is not shown", async () => {
  const pem = `-----BEGIN CERTIFICATE-----\n${"MIIB".repeat(20)}\n-----END CERTIFICATE-----`;
  const harness = new Harness();
  harness.respond = () => Promise.reject(new Error(`cannot use ${pem}`));
  const error = await rejection(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
  assert.ok(!everything(error).includes("MIIBMIIB"));
});

test("details are frozen and survive JSON", async () => {
  const harness = new Harness();
  harness.respond = () => respondWith(503, "");
  const error = await rejection(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
  assert.ok(Object.isFrozen(error.details) && Object.isFrozen(error.details.assertion));
  assert.deepEqual(JSON.parse(JSON.stringify(error.details)), error.details);
});

test("a getAssertion that fails with the assertion in its error, and a cause that keeps it in entries, reveal nothing", async () => {
  const assertion = projectedToken();
  const causes = [
    new Error(`the broker said ${assertion}`),
    Object.assign(new Error("x"), { form: new URLSearchParams({ assertion }) }),
    Object.assign(new Error("x"), { entries: new Map([["assertion", { assertion }]]) }),
    Object.assign(new Error("x"), { headers: new Headers({ authorization: `Bearer ${assertion}` }) }),
    Object.assign(new Error("x"), { url: new URL(`https://host/?t=${assertion}`) }),
    Object.assign(new Error("x"), { request: new Request(`https://host/?t=${assertion}`) }),
    Object.assign(new Error("x"), { form: formOf(assertion) }),
    Object.assign(new Error("x"), { text: new String(assertion) }),
    Object.assign(new Error("x"), { toJSON: () => assertion }),
    Object.assign(new Error("x"), { [inspect.custom]: () => assertion }),
    Object.assign(new Error("x"), { code: assertion, name: assertion }),
    new AggregateError([new Error(assertion)], "x"),
    new Error("x", { cause: { message: assertion } }),
    new CredentialUnavailableError(assertion, "timeout", { authority: assertion, [assertion]: 1 } as object),
    new CredentialUnavailableError("x", "timeout", { toJSON: () => assertion } as object),
    new AuthenticationError(400, { error: assertion }),
    new AuthenticationError(400, { error: "x", toJSON: () => fail(assertion) } as object as ErrorResponse),
    Object.defineProperty(new Error(), "message", { get: () => fail(assertion) }),
    new Error("x", { cause: trap(() => fail(assertion)) }),
    Object.defineProperty(new CredentialUnavailableError("x", "timeout"), "details", {
      get: () => fail(assertion),
    }),
    Object.defineProperty(new CredentialUnavailableError("x", "timeout"), "code", {
      get: () => fail(assertion),
    }),
    new CredentialUnavailableError("x", "timeout", { clientId: assertion, correlationId: assertion }),
    new AuthenticationError(
      assertion as unknown as number,
      { toJSON: () => null } as object as ErrorResponse,
    ),
    assertion,
    { toString: () => assertion },
  ];
  for (const cause of causes) {
    for (const where of ["getAssertion", "fetch"] as const) {
      const harness = new Harness();
      harness.file = assertion;
      const error = await rejection(
        harness.credential({ retryOptions: { maxRetries: 0 }, [where]: () => Promise.reject(cause) })
          .getToken(SCOPE),
      );
      assert.ok(error instanceof CredentialUnavailableError, where);
      assert.ok(!everything(error).includes(assertion.slice(0, 40)), where);
    }
  }
});

test("a proxy among the causes of a network error does not hide the error", async () => {
  const cause = trap(() => fail("trap"));
  const credential = new Harness().credential({
    fetch: () => Promise.reject(new TypeError("connection reset", { cause })),
    retryOptions: { maxRetries: 0 },
  });
  const { code, message } = await rejection(credential.getToken(SCOPE));
  assert.equal(code, "network_failed");
  assert.match(message, /connection reset/);
});

test("a thrown proxy whose trap throws the proxy itself ends the call with an error", async () => {
  const proxy: object = trap(() => {
    throw proxy;
  });
  for (const where of ["getAssertion", "fetch"] as const) {
    const credential = new Harness().credential({ [where]: () => Promise.reject(proxy) });
    const error = await rejection(credential.getToken(SCOPE));
    assert.ok(error instanceof CredentialUnavailableError, where);
  }
});
