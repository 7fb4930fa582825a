/** Many callers of one key at the same moment: the time until the last one has a token, and the token requests. */
import type { Candidate, Create } from "../candidates/candidate.ts";
import { newScope } from "../candidates/scope.ts";
import { interleave, type Samples } from "../interleave.ts";
import { countRequests } from "./requests.ts";

/** `cold`: there is no token yet. `expired`: the cached token has expired. */
export type Moment = "cold" | "expired";

export interface Storm {
  readonly wallInMs: Samples;
  readonly requests: Samples;
}

const { rounds, warmUps, callers, moment } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  warmUps: number;
  callers: number;
  moment: Moment;
};
const LIMIT_IN_MS = 10_000;

export async function scenario(candidates: Record<string, Create>): Promise<Storm> {
  const names = Object.keys(candidates);
  const prepared = await prepare(candidates);
  const requests: Samples = Object.fromEntries(names.map((name) => [name, []]));
  const wallInMs = await interleave(names, rounds, async (name) => {
    const { candidate, scope } = prepared[name]!.pop()!;
    const sent = await countRequests(scope);
    const wall = await timeStorm(candidate, scope);
    requests[name]!.push(await countRequests(scope) - sent);
    return wall;
  }, warmUps);
  return { wallInMs, requests };
}

async function timeStorm(candidate: Candidate, scope: string): Promise<number> {
  const start = performance.now();
  const all = Promise.all(Array.from({ length: callers }, () => candidate.getToken(scope)));
  const wall = all.then(() => performance.now() - start, () => Infinity);
  return await Promise.race([wall, sleep(LIMIT_IN_MS).then(() => LIMIT_IN_MS)]);
}

interface Prepared {
  readonly candidate: Candidate;
  readonly scope: string;
}

/** Creates one candidate for each round. For `expired` all get a token first, so that its lifetime passes once. */
async function prepare(candidates: Record<string, Create>): Promise<Record<string, Prepared[]>> {
  const prepared: Record<string, Prepared[]> = {};
  for (const [name, create] of Object.entries(candidates)) {
    prepared[name] = Array.from(
      { length: rounds + warmUps },
      () => ({
        candidate: create(),
        scope: newScope(moment === "expired" ? { lifetime: 1 } : {}),
      }),
    );
  }
  if (moment === "cold") return prepared;
  for (const { candidate, scope } of Object.values(prepared).flat()) {
    await candidate.getToken(scope);
  }
  // Some candidates count in whole seconds.
  await sleep(2100);
  return prepared;
}

function sleep(delayInMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayInMs));
}
