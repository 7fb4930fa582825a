/**
 * The wait of callers, one after another, while the cached token is valid but due for a refresh, and the endpoint is
 * slow, fails or hangs. In microseconds.
 */
import type { Candidate, Create } from "../candidates/candidate.ts";
import { type Behaviour, newScope } from "../candidates/scope.ts";

const { rounds, calls, behaviours } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  calls: number;
  behaviours: Behaviour[];
};
/** The event loop runs between batches, so that some callers come during the refresh and some after it. */
const BATCHES = 20;
const PAUSE_IN_MS = 5;
const LIMIT_IN_MS = 5000;

export interface Waits {
  /** The mean wait of callers while the token is fresh. */
  readonly warm: number[];
  /** The wait of the first caller after it is due. */
  readonly first: number[];
  /** The mean wait of the callers after that. */
  readonly each: number[];
}

export async function scenario(candidates: Record<string, Create>): Promise<Record<string, Waits>> {
  const create = Object.values(candidates)[0]!;
  const prepared: Record<string, Prepared[]> = {};
  for (const behaviour of behaviours) {
    prepared[behaviour] = Array.from({ length: rounds + 1 }, () => ({
      candidate: create(),
      scope: newScope({ refresh: 1, then: behaviour }),
    }));
  }
  for (const { candidate, scope } of Object.values(prepared).flat()) {
    await candidate.getToken(scope);
  }
  // Some candidates count in whole seconds.
  await sleep(2100);
  const waits: Record<string, Waits> = {};
  for (const behaviour of behaviours) {
    waits[behaviour] = await measure(prepared[behaviour]!);
  }
  return waits;
}

interface Prepared {
  readonly candidate: Candidate;
  readonly scope: string;
}

/** The first one is a warm-up and is not counted. */
async function measure(prepared: readonly Prepared[]): Promise<Waits> {
  const waits: Waits = { warm: [], first: [], each: [] };
  for (const { candidate, scope } of prepared) {
    const fresh = newScope();
    await candidate.getToken(fresh);
    waits.warm.push(await waitOfEach(candidate, fresh, calls));
    const first = await waitOfFirst(candidate, scope);
    waits.first.push(first);
    // If the first caller has to wait, so do the others.
    waits.each.push(first < 1000 * LIMIT_IN_MS ? await waitOfEach(candidate, scope, calls) : first);
  }
  return {
    warm: waits.warm.slice(1),
    first: waits.first.slice(1),
    each: waits.each.slice(1),
  };
}

async function waitOfFirst(candidate: Candidate, scope: string): Promise<number> {
  const start = performance.now();
  const call = candidate.getToken(scope).then(() => 1000 * (performance.now() - start), () => Infinity);
  return await Promise.race([call, sleep(LIMIT_IN_MS).then(() => 1000 * LIMIT_IN_MS)]);
}

/** Returns Infinity if a call failed, although the cached token is valid. */
async function waitOfEach(candidate: Candidate, scope: string, count: number): Promise<number> {
  const batches = Math.min(BATCHES, count);
  const each = Math.ceil(count / batches);
  let waitedInMs = 0;
  for (let batch = 0; batch < batches; batch++) {
    const start = performance.now();
    try {
      for (let call = 0; call < each; call++) await candidate.getToken(scope);
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
