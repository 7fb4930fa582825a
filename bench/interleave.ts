/**
 * Measures candidates in turn. The speed of a machine drifts by tens of per cent within a minute, for all candidates
 * alike, so ratios of values from the same round repeat better than the values themselves.
 */

/** The values of each candidate; equal indices belong to the same round. */
export type Samples = Record<string, number[]>;

/** Measures each candidate once per round, after one round that is not counted. */
export async function interleave(
  names: readonly string[],
  rounds: number,
  measure: (name: string) => Promise<number>,
  warmUps = 1,
): Promise<Samples> {
  const samples: Samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const name of names) {
      const value = await measure(name);
      if (round >= 0) samples[name]!.push(value);
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** Returns the median of the ratios of each round. */
export function medianRatio(values: readonly number[], base: readonly number[]): number {
  return median(values.map((value, round) => value / base[round]!));
}
