import assert from "node:assert/strict";
import { test } from "node:test";
import type { AbortSignalLike } from "../../src/core/mod.ts";
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

type Listener = Parameters<AbortSignalLike["addEventListener"]>[1];

/** The small signal that Azure clients pass on: no reason, no `dispatchEvent`. */
class SmallSignal implements AbortSignalLike {
  aborted = false;
  readonly #listeners = new Set<Listener>();
  addEventListener(_type: "abort", listener: Listener): void {
    this.#listeners.add(listener);
  }
  removeEventListener(_type: "abort", listener: Listener): void {
    this.#listeners.delete(listener);
  }
  abort(): void {
    this.aborted = true;
    for (const listener of this.#listeners) listener.call(this, { type: "abort" });
  }
  get listeners(): number {
    return this.#listeners.size;
  }
}

function hang(harness: Harness): void {
  harness.respond = () => gate<never>().promise;
}

test("a signal that has already aborted rejects and sends nothing, even if a token is cached", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const reason = new Error("no longer wanted");
  const abortSignal = AbortSignal.abort(reason);
  assert.equal(await rejection(credential.getToken(SCOPE, { abortSignal })), reason);
  assert.equal(harness.requests.length + harness.fileReads, 0);
  await credential.getToken(SCOPE);
  assert.equal(await rejection(credential.getToken(SCOPE, { abortSignal })), reason);
  const small = new SmallSignal();
  small.abort();
  assert.equal((await rejection(credential.getToken(SCOPE, { abortSignal: small }))).name, "AbortError");
});

test("abort ends the wait at once, with the signal's reason or an AbortError, never wrapped", async () => {
  const harness = new Harness();
  hang(harness);
  const credential = harness.credential();
  const dom = new AbortController();
  const small = new SmallSignal();
  const callers = [
    watch(credential.getToken(SCOPE, { abortSignal: dom.signal })),
    watch(credential.getToken(SCOPE, { abortSignal: small })),
  ] as const;
  await harness.clock.advance(100);
  dom.abort("a reason of any kind");
  small.abort();
  await harness.clock.advance(0);
  assert.equal(callers[0].error, "a reason of any kind");
  assert.equal(callers[1].error.name, "AbortError");
  assert.equal(small.listeners, 0);
});

test("abort ends the wait before the first byte is sent", async () => {
  const harness = new Harness();
  const credential = harness.credential({ getAssertion: () => gate<string>().promise });
  const controller = new AbortController();
  const caller = watch(credential.getToken(SCOPE, { abortSignal: controller.signal }));
  await harness.clock.advance(1);
  controller.abort();
  await harness.clock.advance(0);
  assert.equal(caller.error.name, "AbortError");
  assert.equal(harness.requests.length, 0);
  assert.equal(harness.clock.pendingTimers, 0);
});

test("an abort ends that caller's wait only; when the last caller aborts, the exchange is aborted", async () => {
  const harness = new Harness();
  hang(harness);
  const credential = harness.credential();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = watch(credential.getToken(SCOPE, { abortSignal: one.signal }));
  const second = watch(credential.getToken(SCOPE, { abortSignal: two.signal }));
  await harness.clock.advance(1);
  const { signal } = harness.requests[0]!.init;
  one.abort();
  await harness.clock.advance(1);
  assert.deepEqual([first.state, second.state, signal!.aborted], ["failed", "pending", false]);
  two.abort();
  await harness.clock.advance(1);
  assert.deepEqual([second.state, signal!.aborted, harness.clock.pendingTimers], ["failed", true, 0]);
  harness.respond = () => granted();
  await credential.getToken(SCOPE);
  assert.equal(harness.requests.length, 2);
});

test("an aborted caller ends the waits between attempts too", async () => {
  const harness = new Harness();
  harness.respond = () => Promise.reject(networkError("ECONNREFUSED"));
  const controller = new AbortController();
  const caller = watch(harness.credential().getToken(SCOPE, { abortSignal: controller.signal }));
  await harness.clock.advance(100);
  controller.abort();
  await harness.clock.advance(60_000);
  assert.equal(caller.error.name, "AbortError");
  assert.equal(harness.requests.length, 1);
});

test("a background refresh counts as a waiter", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  const token = await credential.getToken(SCOPE);
  harness.clock.jump(token.refreshAfterTimestamp! - harness.clock.now());
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  await credential.getToken(SCOPE);
  harness.clock.jump(token.expiresOnTimestamp - harness.clock.now());
  const controller = new AbortController();
  const caller = watch(credential.getToken(SCOPE, { abortSignal: controller.signal }));
  await harness.clock.advance(0);
  controller.abort();
  await harness.clock.advance(0);
  assert.equal(caller.state, "failed");
  assert.equal(harness.requests[1]!.init.signal!.aborted, false);
  responded.open();
  await harness.clock.advance(0);
  assert.notEqual(await credential.getToken(SCOPE), token);
  assert.equal(harness.requests.length, 2);
});

test("requestOptions.timeout is the caller's whole deadline", async () => {
  const harness = new Harness();
  harness.respond = () => Promise.reject(networkError("ECONNRESET"));
  const credential = harness.credential({
    retryOptions: { maxRetries: 100, retryDelayInMs: 100, maxRetryDelayInMs: 100 },
  });
  const caller = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 1000 } }));
  await harness.clock.advance(980);
  assert.equal(caller.state, "pending");
  await harness.clock.advance(20);
  assert.equal(caller.state, "failed");
  assert.equal(caller.error.name, "CredentialUnavailableError");
});

test("a timeout is a CredentialUnavailableError with code timeout, even before the first byte is sent", async () => {
  const harness = new Harness();
  const credential = harness.credential({ getAssertion: () => gate<string>().promise });
  const caller = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 250 } }));
  await harness.clock.advance(249);
  assert.equal(caller.state, "pending");
  await harness.clock.advance(1);
  assert.equal(caller.error.name, "CredentialUnavailableError");
  assert.equal(caller.error.code, "timeout");
  assert.match(caller.error.message, /250 ms/);
  assert.equal(caller.error.details.elapsedInMs, 250);
});

test("when the last caller times out, the attempt may finish and fill the cache", async () => {
  const harness = new Harness();
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  const credential = harness.credential();
  const caller = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 50 } }));
  await harness.clock.advance(60);
  assert.equal(caller.error.code, "timeout");
  assert.equal(harness.requests[0]!.init.signal!.aborted, false);
  responded.open();
  await harness.clock.advance(0);
  await credential.getToken(SCOPE);
  assert.equal(harness.requests.length, 1);
});

test("when the last caller times out, there is no further attempt", async () => {
  const harness = new Harness();
  const responded = gate<never>();
  harness.respond = () => responded.promise;
  const credential = harness.credential();
  watch(credential.getToken(SCOPE, { requestOptions: { timeout: 50 } }));
  await harness.clock.advance(60);
  responded.fail(networkError("ECONNRESET"));
  await harness.clock.advance(100_000);
  assert.equal(harness.requests.length, 1);
  assert.equal(harness.clock.pendingTimers, 0);
});

test("a timeout of 0 means no limit, and an invalid one is a TypeError before anything is sent", async () => {
  const harness = new Harness();
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  const credential = harness.credential();
  const caller = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 0 } }));
  await harness.clock.advance(9_000);
  responded.open();
  await harness.clock.advance(0);
  assert.equal(caller.state, "given");
  for (const timeout of [-1, NaN, "100" as unknown as number]) {
    assert.ok(
      await rejection(credential.getToken("other", { requestOptions: { timeout } })) instanceof TypeError,
    );
  }
  assert.equal(harness.requests.length, 1);
});

test("an exchange without waiters does not affect the next caller", async () => {
  const harness = new Harness();
  harness.respond = () => entraError(700016);
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const controller = new AbortController();
  const caller = watch(credential.getToken(SCOPE, { abortSignal: controller.signal }));
  controller.abort();
  harness.respond = () => granted();
  const next = credential.getToken(SCOPE);
  await harness.clock.advance(0);
  assert.equal(caller.state, "failed");
  assert.match((await next).token, /^secret-/);
});

const half = { aborted: false, addEventListener() {} };
for (const bad of [new AbortController(), { aborted: false }, half, "soon"]) {
  test(`an invalid abortSignal (${typeof bad} ${Object.prototype.toString.call(bad)}) is rejected before anything is sent`, async () => {
    const harness = new Harness();
    const credential = harness.credential();
    const abortSignal = bad as unknown as AbortSignalLike;
    await assert.rejects(credential.getToken(SCOPE, { abortSignal }), {
      name: "TypeError",
      message: "abortSignal must be an AbortSignal",
    });
    assert.equal(harness.requests.length, 0);
    await credential.getToken(SCOPE);
  });
}

test("after the last timeout, a rejected assertion is not replaced although another one is available", async () => {
  const harness = new Harness();
  const responded = gate();
  harness.respond = () => responded.promise.then(() => entraError(700024));
  const caller = watch(harness.credential().getToken(SCOPE, { requestOptions: { timeout: 100 } }));
  await harness.clock.advance(100);
  assert.equal(caller.error.code, "timeout");
  harness.file = projectedToken({ exp: 1_893_463_200 });
  responded.open();
  await harness.clock.advance(0);
  assert.equal(harness.requests.length, 1);
});

test("a caller that arrives while an exchange is being aborted starts a new one", async () => {
  for (let turns = 0; turns < 40; turns++) {
    const harness = new Harness();
    const credential = harness.credential();
    await credential.getToken("another scope");
    let late: ReturnType<typeof watch> | undefined;
    harness.respond = ({ form }) => {
      if (late || form.get("scope") !== SCOPE) return granted();
      (async () => {
        for (let turn = 0; turn < turns; turn++) await undefined;
        late = watch(credential.getToken(SCOPE));
      })();
      return respondWith(503, "");
    };
    const hurried = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 100 } }));
    await harness.clock.advance(5_000);
    assert.notEqual(hurried.state, "pending");
    assert.equal(late!.state, "given", `${turns} turns after the response`);
  }
});

test("a caller's timeout counts from the call", async () => {
  const harness = new Harness();
  hang(harness);
  const credential = harness.credential();
  await harness.clock.advance(100_000);
  const caller = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 1_000 } }));
  await harness.clock.advance(999);
  assert.equal(caller.state, "pending");
  await harness.clock.advance(1);
  assert.match(caller.error.message, /within the caller's timeout of 1000 ms/);
});

test("a retry that is in flight when its last caller times out fills the cache", async () => {
  const harness = new Harness();
  const responded = gate();
  harness.respond = (_, index) =>
    index === 0 ? respondWith(503, "") : responded.promise.then(() => granted());
  const credential = harness.credential();
  const caller = watch(credential.getToken(SCOPE, { requestOptions: { timeout: 5_000 } }));
  await harness.clock.advance(5_000);
  assert.equal(caller.error.code, "timeout");
  assert.equal(harness.requests[1]!.init.signal!.aborted, false);
  responded.open();
  await harness.clock.advance(0);
  await credential.getToken(SCOPE);
  assert.equal(harness.requests.length, 2);
});

test("a caller leaves no timer behind, and has none without a timeout", async () => {
  const harness = new Harness();
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  const credential = harness.credential();
  const { signal } = new AbortController();
  watch(credential.getToken(SCOPE, { abortSignal: signal }));
  await harness.clock.advance(0);
  const before = harness.clock.pendingTimers;
  watch(credential.getToken(SCOPE, { abortSignal: signal }));
  assert.equal(harness.clock.pendingTimers, before);
  watch(credential.getToken(SCOPE, { requestOptions: { timeout: 60_000 } }));
  assert.equal(harness.clock.pendingTimers, before + 1);
  responded.open();
  await harness.clock.advance(1_000);
  assert.equal(harness.clock.pendingTimers, 0);
});

test("an exchange keeps the process alive until the last of its callers has left", async () => {
  const harness = new Harness();
  hang(harness);
  let holds = 0;
  Object.assign(harness.clock, { hold: () => (holds++, () => void holds--) });
  const credential = harness.credential();
  for (const timeout of [1_000, 2_000]) watch(credential.getToken(SCOPE, { requestOptions: { timeout } }));
  assert.equal(holds, 1);
  await harness.clock.advance(1_000);
  assert.equal(holds, 1);
  await harness.clock.advance(1_000);
  assert.equal(holds, 0);
});
