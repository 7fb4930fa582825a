/** The heap after each round of exchanges, once all garbage is collected: if it keeps growing, there is a leak. In bytes. */
import type { Create } from "../candidates/candidate.ts";
import { newScope } from "../candidates/scope.ts";
import { collect, heapBytes } from "./process_metrics.ts";

const { rounds, exchanges } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  exchanges: number;
};

/** Rounds in which engines still compile and optimize the code. */
const WARM_UPS = 3;

export async function scenario(candidates: Record<string, Create>): Promise<number[]> {
  const candidate = Object.values(candidates)[0]!();
  const scope = newScope();
  const heaps: number[] = [];
  for (let round = -WARM_UPS; round <= rounds; round++) {
    for (let i = 0; i < exchanges; i++) await candidate.exchange(scope);
    await collect();
    if (round >= 0) heaps.push(heapBytes());
  }
  return heaps;
}
