import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { ManualClock } from "../../src/testing/mod.ts";
import { Harness, projectedToken, SCOPE } from "../support/harness.ts";

const EXCHANGES = 100_000;

test("100,000 exchanges leave heap, listeners and timers where they were", async () => {
  let listeners = 0;
  const abortSignal = {
    aborted: false,
    addEventListener: () => void listeners++,
    removeEventListener: () => void listeners--,
  };
  const clock = new ManualClock();
  const body = new TextEncoder().encode('{"token_type":"Bearer","expires_in":3600,"access_token":"t"}');
  let requests = 0;
  const credential = new WorkloadIdentityCredential({}, {
    ...new Harness().runtime,
    clock,
    readTextFile: () => Promise.resolve(projectedToken()),
    fetch: () => {
      requests++;
      return Promise.resolve({
        status: 200,
        headers: { get: () => null },
        body: (async function* () {
          yield body;
        })(),
      });
    },
  });
  const exchangeMany = async (count: number) => {
    for (let done = 0; done < count; done++) {
      await credential.getToken(SCOPE, {
        forceRefresh: true,
        abortSignal,
        requestOptions: { timeout: 60_000 },
      });
    }
  };
  await exchangeMany(EXCHANGES / 10);
  const before = await heapUsed();
  await exchangeMany(EXCHANGES);
  const grown = await heapUsed() - before;
  assert.equal(requests, EXCHANGES + EXCHANGES / 10);
  assert.equal(listeners, 0);
  assert.equal(clock.pendingTimers, 0);
  // One retained object per exchange would be several megabytes.
  assert.ok(grown < 1_000_000, `${grown} bytes`);
});

/** The heap after a full collection; tools/test.ts has Deno and Node expose their collectors. */
async function heapUsed(): Promise<number> {
  const { default: process } = await import("node:process");
  const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };
  const collect = Bun ? () => Bun.gc(true) : gc;
  assert.ok(collect, "run with --expose-gc");
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return process.memoryUsage().heapUsed;
}
