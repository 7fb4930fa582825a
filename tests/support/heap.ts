import assert from "node:assert/strict";
import process from "node:process";

/** Collects all garbage. tools/test.ts has Deno and Node expose their collectors. */
export function collectGarbage(): void {
  const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };
  const collect = Bun ? () => Bun.gc(true) : gc;
  assert.ok(collect, "run with --expose-gc");
  collect();
}

/** Returns the bytes of the heap that are in use after several collections, with time for finalizers between them. */
export async function heapUsed(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return process.memoryUsage().heapUsed;
}
