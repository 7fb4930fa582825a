/** Durations in words. */

const UNITS: readonly (readonly [inMs: number, name: string])[] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

/** Returns the two largest units of a duration, such as `1 h 5 min`; below a second, `less than 1 s`. */
export function describeDuration(durationInMs: number): string {
  const rounded = Math.floor(Math.abs(durationInMs) / 1000) * 1000;
  const first = UNITS.findIndex(([unit]) => rounded >= unit);
  if (first < 0) return "less than 1 s";
  const [unit, name] = UNITS[first]!;
  const [nextUnit, nextName] = UNITS[first + 1] ?? [Infinity, ""];
  const rest = Math.floor((rounded % unit) / nextUnit);
  return `${Math.floor(rounded / unit)} ${name}${rest > 0 ? ` ${rest} ${nextName}` : ""}`;
}
