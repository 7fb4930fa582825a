/** What happens to the fleet. Rates are for each pod, so that a smaller fleet meets with the same. */
import type { SeededRandom } from "../simulation/random.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DEPLOYMENT_BATCHES = 20;

/** One pod's time. */
export type Life = readonly [startsAt: number, endsAt: number];

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly endsAt: number;
  /** What is measured begins here. */
  readonly measuredFrom: number;
  /** When the trouble is over and recovery begins. */
  readonly troubleEndsAt: number;
  /** The limit, in requests an hour and pod; a fleet at rest makes about 1.1. */
  readonly limitPerPodAndHour: number;
  readonly outage?: Life;
  /** Where a pod is replaced, the lives of both. */
  readonly lives: (place: number, random: SeededRandom) => readonly Life[];
}

/** A fleet that has been running for long: its pods renew at all times. */
const anyTime = (random: SeededRandom) => random.next() * HOUR;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "start",
    title: "simultaneous start",
    endsAt: 4 * HOUR,
    measuredFrom: HOUR / 2,
    troubleEndsAt: 0,
    limitPerPodAndHour: 36,
    lives: (_place, random) => [[random.next() * 10_000, 4 * HOUR]],
  },
  {
    name: "rolling",
    title: "rolling deployment",
    endsAt: 5 * HOUR,
    measuredFrom: 2 * HOUR,
    troubleEndsAt: 2 * HOUR,
    limitPerPodAndHour: 3.6,
    lives: (place, random) => {
      const batch = Math.floor(place * DEPLOYMENT_BATCHES);
      const replacedAt = 2 * HOUR + batch * MINUTE + random.next() * 30_000;
      return [[anyTime(random), replacedAt], [replacedAt, 5 * HOUR]];
    },
  },
  {
    name: "outage",
    title: "30-minute outage",
    endsAt: 5 * HOUR,
    measuredFrom: 2 * HOUR,
    troubleEndsAt: 2.5 * HOUR,
    limitPerPodAndHour: 3.6,
    outage: [2 * HOUR, 2.5 * HOUR],
    lives: (_place, random) => [[anyTime(random), 5 * HOUR]],
  },
  {
    name: "throttled",
    title: "throttled day",
    endsAt: 24 * HOUR,
    measuredFrom: 2 * HOUR,
    troubleEndsAt: 2 * HOUR,
    limitPerPodAndHour: 1.2,
    lives: (_place, random) => [[anyTime(random), 24 * HOUR]],
  },
];
