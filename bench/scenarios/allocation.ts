/** Bytes allocated per call that returns a cached token. Needs a garbage collector that runs only when it is called. */
import type { Create } from "../candidates/candidate.ts";
import { newScope } from "../candidates/scope.ts";
import { collect, heapBytes } from "./process_metrics.ts";

/** Enough to make the resolution of the heap's size irrelevant. */
const ENOUGH_BYTES = 8e6;

export async function scenario(candidates: Record<string, Create>): Promise<number> {
  const candidate = Object.values(candidates)[0]!();
  const scope = newScope();
  const hit = async (times: number) => {
    for (let i = 0; i < times; i++) await candidate.getToken(scope);
  };
  await hit(20_000);
  await collect();
  const before = heapBytes();
  let hits = 0;
  for (; hits < 200_000 && heapBytes() - before < ENOUGH_BYTES; hits += 1000) {
    await hit(1000);
  }
  return (heapBytes() - before) / hits;
}
