/** The figures of a history. */
import type { Panel } from "../../tools/line_chart.ts";
import { BUCKET_IN_MS } from "./entra.ts";
import type { History, Rules } from "./simulate.ts";

export const NAMES: Readonly<Record<Rules, string>> = {
  ours: "this library",
  incumbent: "@azure/identity",
};

export interface Figures {
  readonly peakToMean: number;
  readonly perPodAndHour: number;
  /** Requests for each granted token, over the whole history. */
  readonly amplification: number;
  readonly recoveryInMinutes: number;
  /** For each 1,000 pods. */
  readonly failed: number;
  /** For each pod, in seconds. */
  readonly withoutToken: number;
}

export function evaluate({ scenario, pods, requests, throttled, unavailable, experience }: History): Figures {
  const { measuredFrom, endsAt, troubleEndsAt } = scenario;
  const measured = requests.subarray(measuredFrom / BUCKET_IN_MS, endsAt / BUCKET_IN_MS);
  const sum = measured.reduce((total, count) => total + count, 0);
  // The end of the last minute in which more than one call of 1,000 pods was in trouble.
  const recoveredAt = 60_000 * (experience.troubles.findLastIndex((count) => count > pods / 1000) + 1);
  const all = requests.reduce((total, count) => total + count, 0);
  return {
    peakToMean: measured.reduce((peak, count) => Math.max(peak, count), 0) / (sum / measured.length),
    perPodAndHour: sum / pods / ((endsAt - measuredFrom) / 3_600_000),
    amplification: all / (all - throttled - unavailable),
    recoveryInMinutes: Math.max(0, recoveredAt - troubleEndsAt) / 60_000,
    failed: experience.failed / pods * 1000,
    withoutToken: experience.withoutTokenInMs / pods / 1000,
  };
}

const HEADER = [
  "scenario",
  "rules",
  "seed",
  "peak to mean",
  "requests per pod and hour",
  "requests per token",
  "minutes to recover",
  "failed calls per 1,000 pods",
  "seconds without token per pod",
];

/** Returns the table in Markdown. */
export function tabulate(histories: readonly History[]): string {
  const rows = histories.map((history) => {
    const figures = evaluate(history);
    return [
      history.scenario.title,
      NAMES[history.rules],
      String(history.seed),
      figures.peakToMean.toFixed(1),
      figures.perPodAndHour.toFixed(2),
      figures.amplification.toFixed(2),
      figures.recoveryInMinutes.toFixed(1),
      figures.failed.toLocaleString("en", { maximumFractionDigits: 0 }),
      figures.withoutToken.toFixed(1),
    ];
  });
  const rule = HEADER.map((_title, column) => column < 2 ? "---" : "---:");
  return [HEADER, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const POINTS = 380;

/** Requests per second in the measured time of each scenario, with its first seed; a point is the highest of its span. */
export function plot(histories: readonly History[]): Panel[] {
  return Object.values(Object.groupBy(histories, ({ scenario }) => scenario.title)).map((group) => ({
    title: group![0]!.scenario.title,
    yTitle: "requests/s per 1,000 pods",
    lines: group!.filter(({ seed }) => seed === group![0]!.seed).map(
      ({ rules, requests, scenario, pods }) => {
        const [first, end] = [scenario.measuredFrom, scenario.endsAt].map((at) => at / BUCKET_IN_MS);
        const width = Math.ceil((end! - first!) / POINTS);
        const points = Array.from({ length: Math.floor((end! - first!) / width) }, (_, index) => {
          const from = first! + index * width;
          const peak = requests.subarray(from, from + width).reduce((one, other) => Math.max(one, other), 0);
          return [from * BUCKET_IN_MS / 3_600_000, peak / (BUCKET_IN_MS / 1000) / pods * 1000] as const;
        });
        return { name: NAMES[rules], points };
      },
    ),
  }));
}
