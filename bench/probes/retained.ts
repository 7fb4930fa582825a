/** The heap after every so many exchanges, once all garbage is collected: what rises with them is a leak. In bytes. */
import type { Create } from "../contenders/contender.ts";
import { newScope } from "../contenders/scope.ts";
import { collect, heapBytes } from "./gauges.ts";

const { rounds, exchanges } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  exchanges: number;
};

/** What an engine learns and compiles at first is no leak. */
const WARM_UPS = 3;

export async function probe(contenders: Record<string, Create>): Promise<number[]> {
  const contender = Object.values(contenders)[0]!();
  const scope = newScope();
  const heaps: number[] = [];
  for (let round = -WARM_UPS; round <= rounds; round++) {
    for (let i = 0; i < exchanges; i++) await contender.exchange(scope);
    await collect();
    if (round >= 0) heaps.push(heapBytes());
  }
  return heaps;
}
