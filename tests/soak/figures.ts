/** What a soak comes to. */
import type { Panel } from "../../tools/line_chart.ts";
import { fitSlope, type Slope } from "../../tools/slope.ts";
import type { Soak } from "./soak.ts";
import type { Sample } from "./sample.ts";

/** What the engine learns and compiles at first is no leak. */
const LONGEST_WARM_UP_IN_SECONDS = 60;

export interface Figures {
  readonly last: Sample;
  readonly faults: number;
  /** In kB/min. */
  readonly heap: Slope;
  /** In descriptors a minute; absent where the system does not tell. */
  readonly descriptors?: Slope;
}

/** @throws {Error} the service said too little to judge it by */
export function evaluate({ samples, faults, told }: Soak): Figures {
  const last = samples.at(-1);
  const steady = samples.filter(({ second }) =>
    second > Math.min(LONGEST_WARM_UP_IN_SECONDS, (last?.second ?? 0) / 3)
  );
  if (!last || steady.length < 10) throw new Error(`only ${samples.length} lines came\n${told}`);
  return {
    last,
    faults,
    heap: fitSlope(steady.map(({ second, heap }) => [second / 60, heap / 1000])),
    ...(last.descriptors !== undefined && {
      descriptors: fitSlope(steady.map(({ second, descriptors }) => [second / 60, descriptors!])),
    }),
  };
}

const HEADER = [
  "runtime",
  "seconds",
  "calls",
  "failed",
  "violations",
  "exchanges",
  "of them failed",
  "retries",
  "faults",
  "heap, kB/min",
  "heap, MB",
  "rss, MB",
  "descriptors",
];

/** The table in Markdown, aligned so that a terminal shows it as well. */
export function tabulate(rows: readonly (readonly [runtime: string, figures: Figures])[]): string {
  const cells = rows.map(([runtime, { last, faults, heap }]) => [
    runtime,
    ...[last.second, last.calls, last.failed, last.violations, last.exchanges, last.exchangesFailed].map(
      count,
    ),
    count(last.retries),
    count(faults),
    `${heap.slope.toFixed(0)} ± ${heap.error.toFixed(0)}`,
    (last.heap / 1e6).toFixed(1),
    (last.rss / 1e6).toFixed(0),
    String(last.descriptors ?? "unknown"),
  ]);
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]!.length))
  );
  const line = (row: readonly string[]) =>
    `| ${
      row.map((cell, column) => column ? cell.padStart(widths[column]!) : cell.padEnd(widths[0]!)).join(" | ")
    } |`;
  const rule = `|${widths.map((width, column) => "-".repeat(width + 1) + (column ? ":" : "-")).join("|")}|`;
  return [line(HEADER), rule, ...cells.map(line)].join("\n");
}

function count(value: number): string {
  return value.toLocaleString("en");
}

/** Memory and descriptors over time, a panel each. */
export function plot(soaks: readonly Soak[]): Panel[] {
  const panel = (title: string, value: (sample: Sample) => number): Panel => ({
    title,
    lines: soaks.map(({ runtime, samples }) => ({
      name: runtime,
      points: samples.map((sample) => [sample.second, value(sample)] as const),
    })),
  });
  return [
    panel("live heap, MB", ({ heap }) => heap / 1e6),
    panel("resident memory, MB", ({ rss }) => rss / 1e6),
    panel("open descriptors", ({ descriptors }) => descriptors ?? 0),
  ];
}
