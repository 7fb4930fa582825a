import { UsageError } from "./shell.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Reads a duration such as `90s`, `5m` or `1h`; a number alone is seconds. In milliseconds.
 *
 * @throws {UsageError}
 */
export function parseDuration(option: string, text: string): number {
  const [, digits, unit = "s"] = /^(\d{1,9})(ms|s|m|h)?$/.exec(text) ?? [];
  const duration = Number(digits) * UNITS[unit]!;
  if (!(duration > 0)) throw new UsageError(`${option} ${text}: it must be a duration such as 90s, 5m or 1h`);
  return duration;
}
