/** Bytes allocated per call that the cache answers. Run with a young generation that holds them all. */
import type { Create } from "../contenders/contender.ts";
import { newScope } from "../contenders/scope.ts";
import { collect, heapBytes } from "./gauges.ts";

const ENOUGH = 8e6;

export async function probe(contenders: Record<string, Create>): Promise<number> {
  const contender = Object.values(contenders)[0]!();
  const scope = newScope();
  const hit = async (times: number) => {
    for (let i = 0; i < times; i++) await contender.getToken(scope);
  };
  await hit(20_000);
  await collect();
  const before = heapBytes();
  let hits = 0;
  for (; hits < 200_000 && heapBytes() - before < ENOUGH; hits += 1000) {
    await hit(1000);
  }
  return (heapBytes() - before) / hits;
}
