/** Checks of option values. Each throws a `TypeError` that shows the value. */
import { inOneLine } from "../redaction.ts";

const LONGEST_VALUE = 100;

/** Quotes a value from outside for a message: on one line, truncated, and without the user information of a URL. */
export function quote(value: unknown): string {
  if (typeof value !== "string") {
    return value === null ? "null" : typeof value === "number" ? `${value}` : typeof value;
  }
  const text = inOneLine(value.replace(/\/\/[^/@]*@/, "//...@"));
  return `'${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text}'`;
}

/** @throws {TypeError} the value is neither undefined nor of the type */
export function checkType(
  name: string,
  value: unknown,
  type: "string" | "function" | "boolean" | "object",
): void {
  if (value === undefined || (typeof value === type && value !== null)) return;
  throw new TypeError(`${name} must be a${type === "object" ? "n" : ""} ${type}, but is ${quote(value)}`);
}

/** @throws {TypeError} the value is not a whole number in the range */
export function checkWholeNumber(
  name: string,
  value: unknown,
  min: number,
  max: number = 2 ** 31 - 1,
): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}, but is ${quote(value)}`);
}
