import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answer, Harness, projectedToken, rejection, SCOPE } from "../support/harness.ts";

/** Everything that a logger might print of a value. */
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
      harness.answer = () =>
        answer(status, { error: repeats, error_description: repeats, access_token: repeats })
    );
    scenario((harness) =>
      harness.answer = () => answer(status, repeats, { location: repeats, "retry-after": repeats })
    );
    scenario((harness) =>
      harness.answer = () =>
        answer(status, { error: "e", trace_id: repeats, correlation_id: repeats, timestamp: repeats })
    );
  }
  scenario((harness) => harness.answer = () => Promise.reject(new Error(repeats)));
  scenario((harness) =>
    harness.answer = () => Promise.reject(new Error("outer", { cause: new Error(repeats) }))
  );
  scenario((harness) =>
    harness.answer = () => Promise.reject(Object.assign(new Error("outer"), { body: assertion }))
  );
  scenario((harness) =>
    harness.answer = () => Promise.reject(Object.assign(new Error("outer"), { request: { body: assertion } }))
  );
  scenario((harness) => {
    const circular = Object.assign(new Error("outer"), { request: { headers: { body: assertion } } });
    harness.answer = () => Promise.reject(Object.assign(circular, { self: circular }));
  });
  scenario((harness) => harness.file = `{"token": "${assertion}"}`);
  for (const harness of harnesses) {
    const error = await rejection(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
    const printed = everything(error);
    assert.ok(!printed.includes(assertion) && !printed.includes(signature), error.code);
  }
});

test("an opaque assertion that an answer repeats is left out too", async () => {
  const harness = new Harness();
  const assertion = "opaque-header.opaque-payload.opaque-signature";
  harness.answer = () => answer(400, { error: "invalid", error_description: `AADSTS50027: ${assertion}` });
  const credential = harness.credential({
    getAssertion: () => Promise.resolve(assertion),
    retryOptions: { maxRetries: 0 },
  });
  const error = await rejection(credential.getToken(SCOPE));
  assert.ok(!everything(error).includes("opaque-signature"));
});

test("details are frozen and survive JSON", async () => {
  const harness = new Harness();
  harness.answer = () => answer(503, "");
  const error = await rejection(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
  assert.ok(Object.isFrozen(error.details) && Object.isFrozen(error.details.assertion));
  assert.deepEqual(JSON.parse(JSON.stringify(error.details)), error.details);
});

test("a getAssertion that fails with the assertion in its error, and a cause that keeps it in entries, give nothing away", async () => {
  const assertion = projectedToken();
  const causes = [
    new Error(`the broker said ${assertion}`),
    Object.assign(new Error("x"), { form: new URLSearchParams({ assertion }) }),
    Object.assign(new Error("x"), { entries: new Map([["assertion", { assertion }]]) }),
    Object.assign(new Error("x"), { headers: new Headers({ authorization: `Bearer ${assertion}` }) }),
  ];
  for (const cause of causes) {
    for (const where of ["getAssertion", "fetch"] as const) {
      const harness = new Harness();
      harness.file = assertion;
      const error = await rejection(
        harness.credential({ retryOptions: { maxRetries: 0 }, [where]: () => Promise.reject(cause) })
          .getToken(SCOPE),
      );
      assert.ok(!everything(error).includes(assertion.slice(0, 40)), where);
    }
  }
});
