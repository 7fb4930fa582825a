/** Linear time, shown as a ratio: what one machine takes says nothing, what sixteen times the input takes does. */
import assert from "node:assert/strict";

const SHORT = 4_000;
const FACTOR = 16;
const RUNS = 5;
/** A busy machine spoils a measurement; it does not spoil this many in turn. */
const ROUNDS = 10;
/** Below this the clock shows noise. */
const LEAST_IN_MS = 0.05;

/**
 * Fails where sixteen times the input takes a hundred times as long: it is about 16 in linear time, 256 in quadratic.
 *
 * @param make an input of about so many characters
 */
export function assertLinear<T>(what: string, make: (length: number) => T, run: (input: T) => unknown): void {
  const quickest = (length: number) => {
    const input = make(length);
    const times = Array.from({ length: RUNS }, () => {
      const start = performance.now();
      run(input);
      return performance.now() - start;
    });
    return Math.max(LEAST_IN_MS, Math.min(...times));
  };
  quickest(SHORT);
  let growth = Infinity;
  for (let round = 0; round < ROUNDS && growth >= 100; round++) {
    growth = quickest(SHORT * FACTOR) / quickest(SHORT);
  }
  assert.ok(growth < 100, `${what}: ${FACTOR} times the input took ${growth.toFixed()} times as long`);
}
