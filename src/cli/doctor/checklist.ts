/** Runs checks in order, and skips those whose requirements failed. */
import type { Check, Examination } from "./examination.ts";

export interface Step<E extends Examination = Examination> {
  readonly name: string;
  /** Checks that must not have failed. */
  readonly needs: readonly string[];
  readonly check: (examination: E) => Check | Promise<Check>;
}

export interface CheckedStep extends Check {
  readonly name: string;
}

/** Yields each check as it ends. A step is skipped if one that it needs failed, or was skipped for that reason. */
export async function* runChecks<E extends Examination>(
  steps: readonly Step<E>[],
  examination: E,
  onStart: (name: string) => void,
): AsyncGenerator<CheckedStep> {
  const blocked = new Set<string>();
  for (const { name, needs, check } of steps) {
    const isBlocked = needs.some((need) => blocked.has(need));
    if (!isBlocked) onStart(name);
    const result: Check = isBlocked ? { status: "skipped", summary: "" } : await check(examination);
    if (isBlocked || result.status === "failed") blocked.add(name);
    yield { name, ...result };
  }
}
