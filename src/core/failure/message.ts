/** The message of an error: what happened, where, what the assertion says, and what to do. */
import { describeDuration, describeTime } from "../diagnosis/duration.ts";
import type { Diagnosis } from "../contract/errors.ts";
import { audiencesOf, type Evidence, inOneLine } from "../diagnosis/context.ts";
import type { Failure } from "../failure.ts";

/** Puts the parts together, one a line. */
export function composeMessage(
  failure: Failure,
  evidence: Evidence,
  diagnosis: Diagnosis,
  correlationId: string,
  retryInMs: number | undefined,
): string {
  return [
    describeEvent(failure, retryInMs),
    describePlace(evidence, correlationId),
    ...(evidence.assertion ? [`  Assertion: ${describeAssertion(evidence)}`] : []),
    ...describeDiagnosis(diagnosis).map((line) => `  ${line}`),
  ].join("\n");
}

/** What happened: our words, then Entra's without the ids, which are told apart. */
function describeEvent({ reason, facts }: Failure, retryInMs: number | undefined): string {
  const said = facts.errorResponse?.errorDescription?.replace(/\.?\s*(Trace ID:[\s\S]*)?$/, "");
  const wait = retryInMs ? ` Try again in ${Math.ceil(retryInMs / 1000)} s.` : "";
  return inOneLine(said ? `${reason}: ${said}.${wait}` : `${reason}.${wait}`);
}

function describePlace({ authority, tenantId, clientId, now }: Evidence, correlationId: string): string {
  const id = correlationId && `, correlation id ${correlationId}`;
  return inOneLine(
    `  Where: ${authority}, tenant ${tenantId}, client ${clientId}${id}, ${describeTime(now)}`,
  );
}

/** Who the assertion says it is, and for how long. */
function describeAssertion({ assertion = {} }: Evidence): string {
  const { iss = "none", sub = "none", iat, exp } = assertion;
  const audience = audiencesOf(assertion).join(" and ") || "none";
  const life = iat === undefined || exp === undefined ? "" : ` for ${describeDuration((exp - iat) * 1000)}`;
  const end = exp === undefined ? "without an end" : `valid${life} until ${describeTime(exp * 1000)}`;
  return `issuer ${iss}, subject ${sub}, audience ${audience}, ${end}`;
}

/** Cause, fix and what belongs to them, one a line. */
export function describeDiagnosis({ cause, fix, commands, notes, source }: Diagnosis): string[] {
  return [
    `Cause: ${cause}`,
    `Fix: ${fix}`,
    ...commands.map((command) => `  ${command}`),
    ...notes.map((note) => `Note: ${note}`),
    `See: ${source}`,
  ];
}
