/** Times short calls. */
import { measure } from "mitata";
import { interleave, type Samples } from "../interleave.ts";

export interface Rounds {
  readonly rounds: number;
  /** One sample is the median of this many batches of `hits` calls. */
  readonly batches: number;
  readonly hits: number;
}

/** Returns the time of one call in microseconds, by name. */
export function timeCalls(
  calls: Readonly<Record<string, () => Promise<unknown>>>,
  { rounds, batches, hits }: Rounds,
): Promise<Samples> {
  return interleave(Object.keys(calls), rounds, async (name) => {
    const stats = await measure(calls[name]!, {
      gc: false,
      min_samples: batches,
      min_cpu_time: 0,
      batch_samples: hits,
    });
    return stats.p50 / 1000;
  });
}
