/**
 * Interleaved measuring. The machine's speed drifts by tens of per cent within a minute, for all alike: figures that
 * are taken in turn, A B A B, and divided pair by pair do not see it.
 */

/** What was measured of each contender; equal places belong to one round. */
export type Samples = Record<string, number[]>;

/** Measures each in turn, as often as asked, after one round that does not count unless told otherwise. */
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

/** The median of the ratios of each pair. */
export function medianRatio(values: readonly number[], base: readonly number[]): number {
  return median(values.map((value, round) => value / base[round]!));
}
