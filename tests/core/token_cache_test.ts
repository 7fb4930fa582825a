import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SteadyClock } from "../../src/core/clock.ts";
import type { GetTokenOptions } from "../../src/core/contract/token_credential.ts";
import { Failure, type FailureFacts } from "../../src/core/failure.ts";
import { CacheEntry, TokenCache } from "../../src/core/token_cache.ts";
import { ManualClock } from "../../src/testing/mod.ts";

const PARAMETERS = {
  authority: "a",
  endpoint: "e",
  tenantId: "t",
  clientId: "c",
  scopes: ["s"],
  claims: undefined,
  fmiPath: undefined,
};
const HOUR = 3_600_000;

/** A cache that has learned the call with these options. */
function learned({ tenantId, fmiPath, enableCae = false }: GetTokenOptions, scopes = "s") {
  const cache = new TokenCache(10);
  const entry = cache.entry("key", PARAMETERS);
  cache.learn({ scopes, tenantId, fmiPath, cae: enableCae }, entry);
  return { cache, entry };
}

describe("a call that was learned", () => {
  const CALLS: GetTokenOptions[] = [
    {},
    { tenantId: "t" },
    { fmiPath: "p" },
    { tenantId: "t", fmiPath: "p" },
    { enableCae: true },
    { enableCae: true, tenantId: "t" },
    { enableCae: true, fmiPath: "p" },
  ];
  for (const [index, options] of CALLS.entries()) {
    test(`is found again with ${JSON.stringify(options)}, and with nothing else`, () => {
      const { cache, entry } = learned(options);
      for (const [other, call] of CALLS.entries()) {
        assert.equal(cache.find("s", call), index === other ? entry : undefined, JSON.stringify(call));
      }
      assert.equal(cache.find("s", undefined), index === 0 ? entry : undefined);
      assert.equal(cache.find("other", options), undefined);
    });

    test(`is not found if the cache may not serve it: ${JSON.stringify(options)}`, () => {
      const { cache } = learned(options);
      for (const demand of [{ claims: "{}" }, { forceRefresh: true }, { proofOfPossessionOptions: {} }]) {
        assert.equal(cache.find("s", { ...options, ...demand }), undefined);
      }
    });
  }

  test("is found by an array of its scopes", () => {
    const { cache, entry } = learned({}, "s u");
    assert.equal(cache.find(["s", "u"], undefined), entry);
    assert.equal(cache.find(["u", "s"], undefined), undefined);
    assert.equal(cache.find(7 as unknown as string, undefined), undefined);
  });

  test("is found by at most eight spellings", () => {
    const { cache, entry } = learned({}, "s0");
    for (let index = 1; index < 10; index++) {
      cache.learn({ scopes: `s${index}`, tenantId: undefined, fmiPath: undefined, cae: false }, entry);
    }
    assert.equal(cache.find("s7", undefined), entry);
    assert.equal(cache.find("s8", undefined), undefined);
  });
});

describe("a token in the cache", () => {
  function written() {
    const clock = new ManualClock();
    const steady = new SteadyClock(clock);
    const entry = new CacheEntry("key", PARAMETERS);
    const now = clock.now();
    const token = { token: "x", expiresOnTimestamp: now + HOUR, refreshAfterTimestamp: now + HOUR / 2 };
    entry.write({ ...token, tokenType: "Bearer" }, steady);
    return { clock, steady, entry };
  }

  test("is fresh until it is due, and valid until it expires", async () => {
    const { clock, steady, entry } = written();
    assert.equal(entry.isFresh(steady), true);
    await clock.advance(HOUR / 2 - 1);
    assert.equal(entry.isFresh(steady), true);
    await clock.advance(1);
    assert.equal(entry.isFresh(steady), false);
    await clock.advance(HOUR / 2 - 1);
    assert.equal(entry.validToken(steady)?.token, "x");
    await clock.advance(1);
    assert.equal(entry.validToken(steady), undefined);
  });

  test("expires by the monotonic clock if the wall clock is set back", async () => {
    const { clock, steady, entry } = written();
    clock.jump(-HOUR);
    await clock.advance(HOUR - 1);
    assert.equal(entry.validToken(steady)?.token, "x");
    await clock.advance(1);
    assert.equal(entry.validToken(steady), undefined);
  });

  test("is fresh for longer once that was decided", async () => {
    const { clock, steady, entry } = written();
    await clock.advance(HOUR / 2);
    entry.serve(steady.monotonic() + 100, steady);
    await clock.advance(99);
    assert.equal(entry.isFresh(steady), true);
    await clock.advance(1);
    assert.equal(entry.isFresh(steady), false);
  });
});

describe("an entry is throttled", () => {
  for (
    const [what, facts, delayInMs] of [
      ["for as long as the server said", { retryAfterInMs: 5000 }, 5000],
      ["for what is left of it", { retryAfterInMs: 5000, retryInMs: 3000 }, 3000],
      ["for an hour at most", { retryAfterInMs: 2 * HOUR }, HOUR],
      ["only if the server said so", { retryInMs: 3000 }, undefined],
      ["not by a wait of 0", { retryAfterInMs: 0 }, undefined],
    ] as [string, FailureFacts, number | undefined][]
  ) {
    test(what, () => {
      const steady = new SteadyClock(new ManualClock());
      const entry = new CacheEntry("key", PARAMETERS);
      const failure = new Failure("entra_throttled", "busy", facts);
      entry.throttleAfter(failure, steady);
      const throttle = delayInMs === undefined
        ? undefined
        : { until: steady.monotonic() + delayInMs, failure };
      assert.deepEqual(entry.throttle, throttle);
    });
  }
});
