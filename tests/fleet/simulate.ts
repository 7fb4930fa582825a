/** Simulates one scenario with one set of rules. The seed decides everything. */
import { type Runtime, WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { LocalClock } from "../simulation/local_clock.ts";
import { SeededRandom } from "../simulation/random.ts";
import { Scheduler } from "../simulation/scheduler.ts";
import { RateLimitedEntra } from "./entra.ts";
import { Incumbent } from "./incumbent.ts";
import { Experience, live, type TokenSource } from "./pod.ts";
import type { Scenario } from "./scenarios.ts";

export type Rules = "ours" | "incumbent";

export interface History {
  readonly scenario: Scenario;
  readonly rules: Rules;
  readonly pods: number;
  readonly seed: number;
  /** By spans of `BUCKET_IN_MS`. */
  readonly requests: Float64Array;
  readonly throttled: number;
  readonly unavailable: number;
  readonly experience: Experience;
}

const EVENTS_PER_TURN = 2000;
const RETRY_AFTER_IN_SECONDS = 30;

export async function simulate(
  scenario: Scenario,
  rules: Rules,
  pods: number,
  seed: number,
): Promise<History> {
  const random = new SeededRandom(seed);
  const scheduler = new Scheduler();
  const clock = new LocalClock(scheduler, 0, () => {});
  const experience = new Experience();
  const { endsAt, limitPerPodAndHour, outage } = scenario;
  const limits = {
    requestsPerSecond: pods * limitPerPodAndHour / 3600,
    retryAfterInSeconds: RETRY_AFTER_IN_SECONDS,
    ...(outage && { outage }),
  };
  const entra = new RateLimitedEntra(scheduler, random, limits, endsAt);
  const runtime: Runtime = {
    name: "fleet",
    clock,
    random: () => random.next(),
    env: () => undefined,
    fetch: entra.fetch,
    readTextFile: () => Promise.reject(new Error("pods of the fleet have no files")),
  };
  const options = {
    tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
    clientId: "11111111-2222-3333-4444-555555555555",
    getAssertion: () => Promise.resolve("eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"),
  };
  const create = (): TokenSource =>
    rules === "incumbent"
      ? new Incumbent(clock, random, entra.fetch)
      : new WorkloadIdentityCredential(options, runtime);
  const all: Promise<void>[] = [];
  for (let pod = 0; pod < pods; pod++) {
    for (const [from, until] of scenario.lives(pod / pods, random)) {
      all.push(live(create(), from, until, scheduler, random, experience));
    }
  }
  await runInSlices(scheduler);
  await Promise.all(all);
  const { requests, throttled, unavailable } = entra;
  return { scenario, rules, pods, seed, requests, throttled, unavailable, experience };
}

/** Engines free the memory of abort signals only between turns of the event loop. Between events a turn changes nothing. */
async function runInSlices(scheduler: Scheduler): Promise<void> {
  for (let left = 0; left <= 0;) {
    left = EVENTS_PER_TURN;
    await scheduler.runAll(() => --left > 0);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
