/** A caller's signals, listeners and console may throw or call back at any moment: no other caller is affected. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AbortSignalLike } from "../../src/core/mod.ts";
import { runChild } from "../support/child.ts";
import { entraError, gate, granted, Harness, rejection, SCOPE, watch } from "../support/harness.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A signal that can be aborted, and whose methods can be broken. */
function createSignal(broken: Partial<Record<"addEventListener" | "removeEventListener", () => void>> = {}) {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    addEventListener: (_type: "abort", listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: "abort", listener: () => void) => void listeners.delete(listener),
    ...broken,
  };
  const abort = () => {
    signal.aborted = true;
    for (const listener of [...listeners]) listener();
  };
  return { signal: signal as AbortSignalLike, abort };
}

const fail = () => {
  throw new Error("a broken signal");
};

test("a signal whose removeEventListener throws leaves no caller pending", async () => {
  const harness = new Harness();
  const response = gate();
  harness.respond = () => response.promise.then(() => granted());
  const credential = harness.credential();
  const { signal } = createSignal({ removeEventListener: fail });
  const own = watch(credential.getToken(SCOPE, { abortSignal: signal }));
  const innocent = watch(credential.getToken(SCOPE));
  response.open();
  await turn();
  assert.deepEqual([own.state, innocent.state], ["given", "given"]);
});

test("a signal whose removeEventListener throws can still abort its call", async () => {
  const harness = new Harness();
  harness.respond = () => new Promise(() => {});
  const { signal, abort } = createSignal({ removeEventListener: fail });
  const call = watch(harness.credential().getToken(SCOPE, { abortSignal: signal }));
  await turn();
  abort();
  await turn();
  assert.equal(call.state, "failed");
  assert.equal(call.error.name, "AbortError");
});

test("a signal whose addEventListener throws fails its own call, and no other", async () => {
  const harness = new Harness();
  const response = gate();
  harness.respond = () => response.promise.then(() => granted());
  const credential = harness.credential();
  const innocent = watch(credential.getToken(SCOPE));
  const { signal } = createSignal({ addEventListener: fail });
  const error = await rejection(credential.getToken(SCOPE, { abortSignal: signal }));
  assert.equal(error.message, "a broken signal");
  response.open();
  await turn();
  assert.equal(innocent.state, "given");
});

test("alone, a call whose signal throws ends its exchange", async () => {
  const harness = new Harness();
  harness.respond = () => new Promise(() => {});
  const { signal } = createSignal({ addEventListener: fail });
  await rejection(harness.credential().getToken(SCOPE, { abortSignal: signal }));
  await turn();
  assert.ok(harness.requests.every(({ init }) => init.signal!.aborted));
});

test("a signal that aborts while its listener is added ends the call", async () => {
  const harness = new Harness();
  const { signal } = createSignal();
  signal.addEventListener = (_type, listener) => listener.call(signal, undefined);
  const error = await rejection(harness.credential().getToken(SCOPE, { abortSignal: signal }));
  assert.equal(error.name, "AbortError");
});

test("a signal whose reason cannot be read aborts with an AbortError", async () => {
  const harness = new Harness();
  harness.respond = () => new Promise(() => {});
  const { signal, abort } = createSignal();
  Object.defineProperty(signal, "reason", { get: fail });
  const call = rejection(harness.credential().getToken(SCOPE, { abortSignal: signal }));
  abort();
  assert.equal((await call).name, "AbortError");
});

for (const [ending, name] of [["deadline", "TimeoutError"], ["abort", "AbortError"]] as const) {
  test(`fetch and getAssertion see a DOMException named ${name} after a caller's ${ending}`, async () => {
    for (const step of ["fetch", "getAssertion"]) {
      const harness = new Harness();
      let seen: AbortSignal | undefined;
      const hang = ({ signal }: { signal?: AbortSignal }) => {
        seen = signal;
        return new Promise<never>(() => {});
      };
      const credential = harness.credential({
        retryOptions: { maxRetries: 0 },
        ...(step === "fetch" ? { fetch: (_url, init) => hang(init) } : { getAssertion: hang }),
      });
      const controller = new AbortController();
      const call = rejection(credential.getToken(SCOPE, { abortSignal: controller.signal }));
      await turn();
      if (ending === "abort") controller.abort("not an error");
      else await harness.clock.advance(10_000);
      await call;
      assert.ok(seen!.reason instanceof DOMException, step);
      assert.equal(seen!.reason.name, name);
    }
  });
}

test("a listener that requests a token after a failure respects Retry-After and the cooldown", async () => {
  const harness = new Harness();
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const { refreshAfterTimestamp } = await credential.getToken(SCOPE);
  harness.respond = () => entraError(50000, { status: 400, error: "invalid_request" });
  const asked: Promise<unknown>[] = [];
  credential.subscribe(({ type }) => {
    if (type === "exchange_failed") asked.push(credential.getToken(SCOPE));
  });
  await harness.clock.advance(refreshAfterTimestamp! - harness.clock.now());
  await credential.getToken(SCOPE);
  await turn();
  await Promise.all(asked);
  assert.equal(asked.length, 1);
  assert.equal(harness.requests.length, 2);
});

test("a token for a challenge wins over a refresh that started after it and ended before it", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const { refreshAfterTimestamp } = await credential.getToken(SCOPE);
  await harness.clock.advance(refreshAfterTimestamp! - harness.clock.now());
  const challenge = gate();
  const refresh = gate();
  harness.respond = ({ form }) =>
    (form.has("claims") ? challenge : refresh).promise.then(() => granted({ expires_in: 7200 }));
  const challenged = credential.getToken(SCOPE, { claims: '{"access_token":{"nbf":{"essential":true}}}' });
  await turn();
  await credential.getToken(SCOPE);
  await turn();
  assert.equal(harness.requests.length, 3);
  refresh.open();
  await turn();
  challenge.open();
  const token = await challenged;
  assert.equal(await credential.getToken(SCOPE), token);
});

test("a refresh that started before the exchange for a challenge does not replace its token", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const { refreshAfterTimestamp } = await credential.getToken(SCOPE);
  await harness.clock.advance(refreshAfterTimestamp! - harness.clock.now());
  const refresh = gate();
  harness.respond = ({ form }) => form.has("claims") ? granted() : refresh.promise.then(() => granted());
  const challenged = credential.getToken(SCOPE, { claims: '{"access_token":{}}' });
  await credential.getToken(SCOPE);
  const token = await challenged;
  refresh.open();
  await turn();
  assert.equal(await credential.getToken(SCOPE), token);
});

test("of two tokens for challenges, the newer one is cached in either order", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const older = gate();
  let requests = 0;
  harness.respond = () => ++requests === 1 ? older.promise.then(() => granted()) : granted();
  const first = credential.getToken(SCOPE, { claims: '{"access_token":{"a":null}}' });
  await turn();
  const second = await credential.getToken(SCOPE, { claims: '{"access_token":{"b":null}}' });
  older.open();
  await first;
  assert.equal(await credential.getToken(SCOPE), second);
});

for (const how of ["throws", "rejects"]) {
  test(`a console that ${how} neither ends the process nor changes the outcome`, async () => {
    const { code, stdout, stderr } = await runChild("tests/behaviour/broken_console_program.ts", {
      args: [how],
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), { code: "network_failed", unhandled: [] });
  });
}
