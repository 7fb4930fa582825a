/** A credential works behind the wrappers that frameworks and test libraries put around objects. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { reactive } from "@vue/reactivity";
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { Harness, SCOPE } from "../support/harness.ts";

const WRAPPERS: Record<string, (credential: WorkloadIdentityCredential) => WorkloadIdentityCredential> = {
  "a Proxy": (credential) => new Proxy(credential, {}),
  "Object.create": (credential) => Object.create(credential),
  "Vue's reactive": reactive,
};

for (const [what, wrap] of Object.entries(WRAPPERS)) {
  test(`a credential behind ${what} gets and caches tokens, and reports events`, async () => {
    const harness = new Harness();
    const credential = wrap(harness.credential());
    const types: string[] = [];
    const unsubscribe = credential.subscribe(({ type }) => types.push(type));
    const token = await credential.getToken(SCOPE);
    unsubscribe();
    assert.equal(await credential.getToken(SCOPE), token);
    assert.equal(harness.requests.length, 1);
    assert.deepEqual(types, ["exchange_started", "assertion_read", "exchange_succeeded"]);
  });
}

test("getToken and subscribe can be replaced on the prototype and in a subclass", async (t) => {
  const harness = new Harness();
  const spy = t.mock.method(WorkloadIdentityCredential.prototype, "getToken");
  await harness.credential().getToken(SCOPE);
  assert.equal(spy.mock.callCount(), 1);
  spy.mock.restore();

  class Counting extends WorkloadIdentityCredential {
    calls = 0;
    override getToken(...args: Parameters<WorkloadIdentityCredential["getToken"]>) {
      this.calls++;
      return super.getToken(...args);
    }
  }
  const counting = new Counting({}, harness.runtime);
  await counting.getToken(SCOPE);
  assert.equal(counting.calls, 1);
});

test("inspect and JSON show no token and no assertion", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const { token } = await credential.getToken(SCOPE);
  for (const shown of [inspect(credential, { showHidden: true, depth: 10 }), JSON.stringify(credential)]) {
    assert.ok(!shown.includes(token), shown);
    assert.doesNotMatch(shown, /eyJ/);
  }
});
