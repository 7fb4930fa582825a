/**
 * Which calls read the token file. A file system notes the time of a read where the last one is older than the last
 * write: each call starts with that note set back, and has read the file if it was renewed.
 */
import { readFileSync, statSync, utimesSync } from "node:fs";
import type { Create } from "../contenders/contender.ts";
import { newScope } from "../contenders/scope.ts";

const { calls } = JSON.parse(process.argv[2]!) as { calls: number };
const path = process.env.AZURE_FEDERATED_TOKEN_FILE!;

export interface Reads {
  /** Of a hundred calls each. */
  readonly warm: number;
  readonly exchange: number;
}

export async function probe(contenders: Record<string, Create>): Promise<Reads | null> {
  if (await countReads(1, () => readFileSync(path)) !== 1) return null; // This file system keeps no such note.
  const contender = Object.values(contenders)[0]!();
  const scope = newScope();
  await contender.getToken(scope);
  const warm = await countReads(calls, () => contender.getToken(scope));
  const exchange = await countReads(calls, () => contender.exchange(scope));
  return { warm: 100 * warm / calls, exchange: 100 * exchange / calls };
}

async function countReads(times: number, call: () => unknown): Promise<number> {
  let reads = 0;
  for (let i = 0; i < times; i++) {
    utimesSync(path, 1, 2);
    await call();
    if (statSync(path).atimeMs > 1000) reads++;
  }
  return reads;
}
