/** The lines that a diagnosis adds to a message, and that the doctor prints. */
import type { AssertionClaims, Diagnosis } from "../contract/errors.ts";
import { describeTime } from "../failure/credential_error.ts";
import { audiencesOf } from "./context.ts";

const ERRORS_PAGE = "https://github.com/workload-id/entra/blob/main/docs/errors.md";

const UNITS: readonly (readonly [inMs: number, name: string])[] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

/** Describes whom an assertion names, and how long it is valid. */
export function describeAssertion(assertion: AssertionClaims): string {
  const { iss = "none", sub = "none", iat, exp } = assertion;
  const audience = audiencesOf(assertion).join(" and ") || "none";
  const life = iat === undefined || exp === undefined ? "" : ` for ${describeDuration((exp - iat) * 1000)}`;
  const end = exp === undefined ? "without an end" : `valid${life} until ${describeTime(exp * 1000)}`;
  return `issuer ${iss}, subject ${sub}, audience ${audience}, ${end}`;
}

/** Returns cause, fix, commands, notes and the pages about it, one a line. */
export function describeDiagnosis({ name, cause, fix, commands, notes, source }: Diagnosis): string[] {
  return [
    `Cause: ${cause}`,
    `Fix: ${fix}`,
    ...commands.map((command) => `  ${command}`),
    ...notes.map((note) => `Note: ${note}`),
    `See: ${ERRORS_PAGE}#${name.toLowerCase()}`,
    `See: ${source}`,
  ];
}

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
