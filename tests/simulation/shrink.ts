/** Reduces a failing plan to the parts that make it fail in the same way. */
import type { Plan } from "./plan.ts";
import { type Outcome, simulate } from "./simulation.ts";

const MOST_RUNS = 1500;

export interface Shrunken {
  readonly plan: Plan;
  /** Recorded. */
  readonly outcome: Outcome;
}

/** Leaves out calls and faults, in halves and then one by one, as long as the same invariant breaks. */
export async function shrink(plan: Plan, invariant: string): Promise<Shrunken> {
  let runs = 0;
  const breaks = async (candidate: Plan) =>
    runs++ < MOST_RUNS && (await simulate(candidate)).violation?.invariant === invariant;

  let smaller = true;
  while (smaller && runs < MOST_RUNS) {
    const before = plan.calls.length + plan.faults.length;
    for (const part of ["calls", "faults"] as const) {
      for (let size = Math.ceil(plan[part].length / 2); size >= 1; size = Math.floor(size / 2)) {
        for (let from = 0; from < plan[part].length;) {
          const rest = plan[part].toSpliced(from, size);
          const candidate = { ...plan, [part]: rest } as Plan;
          if (await breaks(candidate)) plan = candidate;
          else from += size;
        }
      }
    }
    smaller = plan.calls.length + plan.faults.length < before;
  }
  return { plan, outcome: await simulate(plan, true) };
}
