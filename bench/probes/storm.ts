/** Many callers at the same moment: how long until the last one has a token, and how many requests that took. */
import type { Contender, Create } from "../contenders/contender.ts";
import { newScope, type Plan } from "../contenders/scope.ts";
import { interleave, type Samples } from "../pairs.ts";
import { countRequests } from "./requests.ts";

/** `cold`: no token yet. `expired`: no longer. The others: a valid token is due, and the endpoint is in trouble. */
export type Moment = "cold" | "expired" | "slow" | "fail" | "hang";

export interface Storm {
  readonly wallInMs: Samples;
  readonly requests: Samples;
}

const { rounds, warmUps, callers, moment } = JSON.parse(process.argv[2]!) as {
  rounds: number;
  warmUps: number;
  callers: number[];
  moment: Moment;
};
const PLANS: Record<Moment, Plan> = {
  cold: {},
  expired: { lifetime: 1 },
  slow: { refresh: 1, then: "slow" },
  fail: { refresh: 1, then: "fail" },
  hang: { refresh: 1, then: "hang" },
};
/** Nobody is waited for any longer. */
const LONGEST_IN_MS = 10_000;

export async function probe(contenders: Record<string, Create>): Promise<Record<number, Storm>> {
  const names = Object.keys(contenders);
  const prepared = await prepare(contenders);
  const storms: Record<number, Storm> = {};
  for (const count of callers) {
    const requests: Samples = Object.fromEntries(names.map((name) => [name, []]));
    const wallInMs = await interleave(names, rounds, async (name) => {
      const { contender, scope } = prepared[name]!.pop()!;
      const sent = await countRequests(scope);
      const wall = await timeStorm(contender, scope, count);
      // A renewal behind the callers may be on its way still.
      if (moment !== "cold" && moment !== "expired") await sleep(100);
      requests[name]!.push(await countRequests(scope) - sent);
      return wall;
    }, warmUps);
    storms[count] = { wallInMs, requests };
  }
  return storms;
}

async function timeStorm(contender: Contender, scope: string, count: number): Promise<number> {
  const start = performance.now();
  const all = Promise.all(Array.from({ length: count }, () => contender.getToken(scope)));
  const wall = all.then(() => performance.now() - start, () => Infinity);
  return await Promise.race([wall, sleep(LONGEST_IN_MS).then(() => LONGEST_IN_MS)]);
}

interface Prepared {
  readonly contender: Contender;
  readonly scope: string;
}

/** One for each storm; where there is to be a token already, all are fetched, and their time is waited for once. */
async function prepare(contenders: Record<string, Create>): Promise<Record<string, Prepared[]>> {
  const prepared: Record<string, Prepared[]> = {};
  for (const [name, create] of Object.entries(contenders)) {
    prepared[name] = Array.from(
      { length: callers.length * (rounds + warmUps) },
      () => ({ contender: create(), scope: newScope(PLANS[moment]) }),
    );
  }
  if (moment === "cold") return prepared;
  for (const { contender, scope } of Object.values(prepared).flat()) {
    await contender.getToken(scope);
  }
  // Some count in whole seconds: after two, the token is due for all.
  await sleep(2100);
  return prepared;
}

function sleep(delayInMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayInMs));
}
