/** Linear time, shown by comparing one long input with as many characters in short ones. */
import assert from "node:assert/strict";
import process from "node:process";

const SHORT = 4_000;
const FACTOR = 16;
const RUNS = 5;
/** Garbage collection and compilation may distort a measurement, but not this many in a row. */
const ROUNDS = 10;
/** In quadratic time it would be 16. */
const MOST = 6;
/** Below this, the measurement is noise. */
const LEAST_IN_MICROSECONDS = 500;

/**
 * Fails if one long input takes far longer than the same number of characters in short inputs.
 *
 * @param make an input of about so many characters
 */
export function assertLinear<T>(what: string, make: (length: number) => T, run: (input: T) => unknown): void {
  const [short, long] = [make(SHORT), make(SHORT * FACTOR)];
  measure(() => run(short), FACTOR);
  let growth = Infinity;
  for (let round = 0; round < ROUNDS && growth > MOST; round++) {
    growth = measure(() => run(long), 1) / measure(() => run(short), FACTOR);
  }
  assert.ok(
    growth <= MOST,
    `${what}: the long input took ${growth.toFixed()} times as long as the short ones`,
  );
}

/** Returns the least processor time of several runs, which a busy machine does not lengthen as it does elapsed time. */
function measure(run: () => unknown, times: number): number {
  const costs = Array.from({ length: RUNS }, () => {
    const start = process.cpuUsage();
    for (let count = 0; count < times; count++) run();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  });
  return Math.max(LEAST_IN_MICROSECONDS, Math.min(...costs));
}
