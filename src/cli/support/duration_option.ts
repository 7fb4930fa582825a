import { UsageError } from "./shell.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Parses a duration such as `90s`, `5m` or `1h` into milliseconds. A number alone is seconds.
 *
 * @throws {UsageError}
 */
export function parseDuration(option: string, text: string): number {
  const [, digits, unit = "s"] = /^(\d{1,9})(ms|s|m|h)?$/.exec(text) ?? [];
  const duration = Number(digits) * UNITS[unit]!;
  if (!(duration > 0)) {
    throw new UsageError(
      `${option} must be a number with a unit (ms, s, m or h), such as 90s, 5m or 1h, but is '${text}'`,
    );
  }
  return duration;
}
