/** The message of an error: what happened, where, and what the diagnosis adds. */
import type { Failure } from "../failure.ts";
import { inOneLine } from "../redaction.ts";

interface Place {
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
}

/** Puts the parts together, one a line. */
export function composeMessage(
  failure: Failure,
  place: Place,
  now: number,
  correlationId: string,
  retryInMs: number | undefined,
  advice: readonly string[],
): string {
  return [
    describeFailure(failure, retryInMs),
    describePlace(place, now, correlationId),
    ...advice.map((line) => `  ${line}`),
  ].join("\n");
}

/** Our words, then Entra's without the ids, which have a place of their own. */
function describeFailure({ reason, facts }: Failure, retryInMs: number | undefined): string {
  const description = facts.errorResponse?.errorDescription?.replace(/\.?\s*(Trace ID:[\s\S]*)?$/, "");
  const wait = retryInMs ? ` Try again in ${Math.ceil(retryInMs / 1000)} s.` : "";
  return inOneLine(`${reason}${description ? `: ${description}` : ""}.${wait}`);
}

function describePlace({ authority, tenantId, clientId }: Place, now: number, correlationId: string): string {
  const id = correlationId && `, correlation id ${correlationId}`;
  return inOneLine(
    `  Where: ${authority}, tenant ${tenantId}, client ${clientId}${id}, ${describeTime(now)}`,
  );
}

/** Formats a time such as `2030-01-01 00:00:00Z`; a number that is not a time is returned as it is. */
export function describeTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? String(time)
    : date.toISOString().replace("T", " ").replace(/\.\d+/, "");
}
