/** A straight line through measured points, by least squares. */
export interface Slope {
  /** In units of y for one of x. */
  readonly slope: number;
  /** Standard error: about two thirds of repetitions differ by less. */
  readonly error: number;
}

/** @param points at least three, whose x are not all the same */
export function fitSlope(points: readonly (readonly [number, number])[]): Slope {
  const count = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (count - 2) / spread) };
}
