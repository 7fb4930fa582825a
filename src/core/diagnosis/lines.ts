/** The lines that a diagnosis adds to a message, and that the doctor prints. */
import type { AssertionClaims, Diagnosis } from "../contract/errors.ts";
import { describeTime } from "../failure/message.ts";
import { audiencesOf } from "./decode_assertion.ts";
import { describeDuration } from "./duration.ts";

const ERRORS_PAGE = "https://github.com/workload-id/entra/blob/main/docs/errors.md";

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
