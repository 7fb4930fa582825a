/** One figure of one candidate on one runtime: what every measurement yields and every report reads. */
import { median, medianRatio, type Samples } from "./interleave.ts";

export type Unit = "" | "B" | "kB" | "MB" | "µs" | "ms" | "s";

export interface Row {
  readonly figure: string;
  readonly unit: Unit;
  /** Empty if the figure is the same on every runtime. */
  readonly runtime: string;
  readonly candidate: string;
  /** In every figure less is better. `Infinity` means that the candidate failed. */
  readonly value: number;
  /** The median of the ratios of each round to the candidate named in `against`. */
  readonly ratio?: number;
  readonly against?: string;
}

export interface Measured {
  readonly figure: string;
  readonly unit: Unit;
  readonly runtime: string;
  readonly samples: Samples;
  /** The candidate by whose samples the others are divided, round by round. */
  readonly against?: string;
}

/** Makes a row for each candidate from the samples of one figure. */
export function toRows({ figure, unit, runtime, samples, against }: Measured): Row[] {
  const base = against === undefined ? undefined : samples[against];
  return Object.entries(samples).map(([candidate, values]) => ({
    figure,
    unit,
    runtime,
    candidate,
    value: median(values),
    ...(base && candidate !== against &&
      { ratio: medianRatio(values, base), against: against! }),
  }));
}
