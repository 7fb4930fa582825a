import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sleep, SteadyClock, systemClock } from "../../src/core/clock.ts";
import { ManualClock } from "../../src/testing/mod.ts";

const HOUR = 3_600_000;

/** A clock that counts how often each of its readings is used. */
function counted() {
  const clock = new ManualClock();
  const reads = { wall: 0, monotonic: 0 };
  const steady = new SteadyClock({
    now() {
      reads.wall++;
      return clock.now();
    },
    monotonic() {
      reads.monotonic++;
      return clock.monotonic();
    },
    setTimeout: (callback, delayInMs) => clock.setTimeout(callback, delayInMs),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  });
  return { clock, reads, steady };
}

describe("a clock that is set back", () => {
  for (
    const [passed, jump, expected] of [
      [0, -1001, 1],
      [0, -1000, 0],
      [HOUR, -1001, 1],
      [HOUR, -HOUR - 5_000, 1],
      [HOUR, -1000, 0],
      [HOUR, HOUR, 0],
      [HOUR, 0, 0],
    ]
  ) {
    test(`is noticed ${expected} times after ${passed} ms and a step of ${jump} ms`, async () => {
      const clock = new ManualClock();
      const steady = new SteadyClock(clock);
      await clock.advance(passed!);
      clock.jump(jump!);
      steady.now();
      steady.now();
      assert.equal(steady.setBacks, expected);
    });
  }

  test("is noticed with the next second, if it then shows the time of the last comparison", async () => {
    const clock = new ManualClock();
    const steady = new SteadyClock(clock);
    await clock.advance(HOUR);
    clock.jump(-HOUR);
    steady.now();
    assert.equal(steady.setBacks, 0);
    await clock.advance(1000);
    steady.now();
    assert.equal(steady.setBacks, 1);
  });

  test("is noticed each time", () => {
    const clock = new ManualClock();
    const steady = new SteadyClock(clock);
    for (let times = 1; times <= 3; times++) {
      clock.jump(-HOUR);
      steady.now();
      assert.equal(steady.setBacks, times);
    }
  });
});

test("within one second of the last comparison only the wall clock is read", async () => {
  const { clock, reads, steady } = counted();
  reads.wall = reads.monotonic = 0;
  for (let read = 0; read < 100; read++) steady.now();
  await clock.advance(999);
  steady.now();
  assert.deepEqual(reads, { wall: 101, monotonic: 0 });
  await clock.advance(1);
  steady.now();
  steady.now();
  assert.deepEqual(reads, { wall: 103, monotonic: 1 });
});

test("a clock without a monotonic reading counts its steps forward", () => {
  let now = 1_000_000;
  const steady = new SteadyClock({ now: () => now, setTimeout: () => 0, clearTimeout: () => {} });
  const start = steady.monotonic();
  const elapsedAfter = (step: number) => {
    now += step;
    return steady.monotonic() - start;
  };
  assert.deepEqual([500, 0, -400, 100, -HOUR, 7].map(elapsedAfter), [500, 500, 500, 600, 600, 607]);
  now -= HOUR;
  steady.now();
  assert.equal(steady.setBacks, 1);
});

test("durations are whole milliseconds", () => {
  let elapsed = 0.25;
  const steady = new SteadyClock({ ...systemClock, monotonic: () => elapsed });
  const start = steady.monotonic();
  elapsed += 41.7;
  assert.equal(steady.elapsedSince(start), 42);
});

test("the system's clock has a monotonic reading", () => {
  const first = systemClock.monotonic!();
  const second = systemClock.monotonic!();
  assert.ok(second >= first && second - first < HOUR);
});

test("a sleep whose signal has already aborted starts no timer", async () => {
  const clock = new ManualClock();
  const reason = new Error("nobody waits");
  await assert.rejects(sleep(clock, 1000, AbortSignal.abort(reason)), reason);
  assert.equal(clock.pendingTimers, 0);
});

test("all credentials with one clock share its set-backs", () => {
  const clock = new ManualClock();
  assert.equal(SteadyClock.of(clock), SteadyClock.of(clock));
  assert.notEqual(SteadyClock.of(clock), SteadyClock.of(new ManualClock()));
});
