/** Bytes that stay behind after an exchange, once all garbage is collected: a leak if it is not 0. */
import type { Create } from "../contenders/contender.ts";
import { newScope } from "../contenders/scope.ts";
import { collect, heapBytes } from "./gauges.ts";

const { rounds, exchanges } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  exchanges: number;
};

export async function probe(contenders: Record<string, Create>): Promise<number[]> {
  const contender = Object.values(contenders)[0]!();
  const scope = newScope();
  const heaps: number[] = [];
  for (let round = -1; round <= rounds; round++) {
    for (let i = 0; i < exchanges; i++) await contender.exchange(scope);
    await collect();
    heaps.push(heapBytes());
  }
  return heaps.slice(2).map((heap, round) => (heap - heaps[round + 1]!) / exchanges);
}
