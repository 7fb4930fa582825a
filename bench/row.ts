/** One figure of one contender on one runtime: what every measurement gives, and everything else reads. */
import { median, medianRatio, type Samples } from "./pairs.ts";

export type Unit = "" | "B" | "kB" | "MB" | "µs" | "ms" | "s" | "x";

export interface Row {
  readonly figure: string;
  readonly unit: Unit;
  /** Empty where the figure is the same everywhere. */
  readonly runtime: string;
  readonly contender: string;
  readonly value: number;
  /** The median of the ratios of each pair, to the contender named in `against`. */
  readonly ratio?: number;
  readonly against?: string;
}

export interface Paired {
  readonly figure: string;
  readonly unit: Unit;
  readonly runtime: string;
  readonly samples: Samples;
  /** Whose samples the others are divided by, pair by pair. */
  readonly against?: string;
}

/** Turns the samples of one figure into a row for each contender. */
export function toRows({ figure, unit, runtime, samples, against }: Paired): Row[] {
  const base = against === undefined ? undefined : samples[against];
  return Object.entries(samples).map(([contender, values]) => ({
    figure,
    unit,
    runtime,
    contender,
    value: median(values),
    ...(base && contender !== against &&
      { ratio: medianRatio(values, base), against: against! }),
  }));
}
