import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { ManualClock } from "../../src/testing/mod.ts";
import { Harness, projectedToken, SCOPE } from "../support/harness.ts";
import { heapUsed } from "../support/heap.ts";

const EXCHANGES = 30_000;

test("30,000 exchanges leave heap, listeners and timers where they were", async () => {
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
  // One retained object per exchange would be more than a megabyte.
  assert.ok(grown < 1_000_000, `${grown} bytes`);
});
