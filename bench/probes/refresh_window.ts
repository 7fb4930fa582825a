/**
 * A token is still valid but due for renewal, and the endpoint is slow, fails or hangs: how long do callers wait who
 * come one after another? In microseconds.
 */
import type { Contender, Create } from "../contenders/contender.ts";
import { type Behaviour, newScope } from "../contenders/scope.ts";

const { rounds, calls, behaviours } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  calls: number;
  behaviours: Behaviour[];
};
/** Between them the event loop turns, so that the renewal goes on: some callers come while it runs, some after. */
const BATCHES = 20;
const PAUSE_IN_MS = 5;
/** Nobody is waited for any longer. */
const LONGEST_IN_MS = 5000;

export interface Waits {
  /** The mean wait of callers whose token is fresh. */
  readonly warm: number[];
  /** The wait of the first who finds it due. */
  readonly first: number[];
  /** The mean wait of those after it. */
  readonly each: number[];
}

export async function probe(contenders: Record<string, Create>): Promise<Record<string, Waits>> {
  const create = Object.values(contenders)[0]!;
  const prepared: Record<string, Prepared[]> = {};
  for (const behaviour of behaviours) {
    prepared[behaviour] = Array.from({ length: rounds + 1 }, () => ({
      contender: create(),
      scope: newScope({ refresh: 1, then: behaviour }),
    }));
  }
  for (const { contender, scope } of Object.values(prepared).flat()) await contender.getToken(scope);
  // Some count in whole seconds: after two, the token is due for all.
  await sleep(2100);
  const waits: Record<string, Waits> = {};
  for (const behaviour of behaviours) waits[behaviour] = await measure(prepared[behaviour]!);
  return waits;
}

interface Prepared {
  readonly contender: Contender;
  readonly scope: string;
}

/** The first of them warms up, and does not count. */
async function measure(prepared: readonly Prepared[]): Promise<Waits> {
  const waits: Waits = { warm: [], first: [], each: [] };
  for (const { contender, scope } of prepared) {
    const fresh = newScope();
    await contender.getToken(fresh);
    waits.warm.push(await waitOfEach(contender, fresh, calls));
    const first = await waitOfFirst(contender, scope);
    waits.first.push(first);
    // Where the first is kept waiting, so are the others.
    waits.each.push(first < 1000 * LONGEST_IN_MS ? await waitOfEach(contender, scope, calls) : first);
  }
  return { warm: waits.warm.slice(1), first: waits.first.slice(1), each: waits.each.slice(1) };
}

async function waitOfFirst(contender: Contender, scope: string): Promise<number> {
  const start = performance.now();
  const call = contender.getToken(scope).then(() => 1000 * (performance.now() - start), () => Infinity);
  return await Promise.race([call, sleep(LONGEST_IN_MS).then(() => 1000 * LONGEST_IN_MS)]);
}

/** Infinity: one of them failed, though the token is valid. */
async function waitOfEach(contender: Contender, scope: string, count: number): Promise<number> {
  const batches = Math.min(BATCHES, count);
  const each = Math.ceil(count / batches);
  let waitedInMs = 0;
  for (let batch = 0; batch < batches; batch++) {
    const start = performance.now();
    try {
      for (let call = 0; call < each; call++) await contender.getToken(scope);
    } catch {
      return Infinity;
    }
    waitedInMs += performance.now() - start;
    await sleep(PAUSE_IN_MS);
  }
  return 1000 * waitedInMs / (batches * each);
}

function sleep(delayInMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayInMs));
}
