/** The scenarios of the fleet. Rates are per pod, so that fleets of any size can be compared. */
import type { SeededRandom } from "../simulation/random.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DEPLOYMENT_BATCHES = 20;

/** The time of one pod. */
export type Life = readonly [startsAt: number, endsAt: number];

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly endsAt: number;
  /** The start of the measured time. */
  readonly measuredFrom: number;
  /** The end of the trouble and the start of the recovery. */
  readonly troubleEndsAt: number;
  /** The limit, in requests per hour and pod; a fleet at rest sends about 1.1. */
  readonly limitPerPodAndHour: number;
  readonly outage?: Life;
  /** Returns the life of a pod; if it is replaced, the lives of both. */
  readonly lives: (place: number, random: SeededRandom) => readonly Life[];
}

/** A fleet that has been running for long: refreshes are spread over the hour. */
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
