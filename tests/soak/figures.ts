/** The figures of a soak test. */
import type { Panel } from "../../tools/line_chart.ts";
import { fitSlope, type Slope } from "../../tools/slope.ts";
import type { Soak } from "./soak.ts";
import type { Sample } from "./sample.ts";

/** Engines compile and cache at first, which is not a leak: slopes are those of the second half. */
const WARM_UP = 0.5;

export interface Figures {
  readonly last: Sample;
  readonly faults: number;
  /** In kB/min. */
  readonly heap: Slope;
  /** In kB/min. */
  readonly rss: Slope;
  /** In descriptors per minute; absent if the system does not report them. */
  readonly descriptors?: Slope;
}

/** @throws {Error} the service printed too few samples */
export function evaluate({ samples, faults, stderr }: Soak): Figures {
  const last = samples.at(-1);
  const steady = samples.filter(({ second }) => second > WARM_UP * (last?.second ?? 0));
  if (!last || steady.length < 10) throw new Error(`only ${samples.length} samples\n${stderr}`);
  return {
    last,
    faults,
    heap: fitSlope(steady.map(({ second, heap }) => [second / 60, heap / 1000])),
    rss: fitSlope(steady.map(({ second, rss }) => [second / 60, rss / 1000])),
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
  "heap, MB",
  "kB/min",
  "rss, MB",
  "kB/min",
  "descriptors",
  "per minute",
];

/** Returns the table in Markdown, aligned for terminals. */
export function tabulate(rows: readonly (readonly [runtime: string, figures: Figures])[]): string {
  const cells = rows.map(([runtime, { last, faults, heap, rss, descriptors }]) => [
    runtime,
    ...[last.second, last.calls, last.failed, last.violations, last.exchanges, last.exchangesFailed].map(
      count,
    ),
    count(last.retries),
    count(faults),
    (last.heap / 1e6).toFixed(1),
    withError(heap, 0),
    (last.rss / 1e6).toFixed(0),
    withError(rss, 0),
    String(last.descriptors ?? "unknown"),
    descriptors ? withError(descriptors, 1) : "unknown",
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

function withError({ slope, error }: Slope, digits: number): string {
  return `${slope.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}

/** Returns memory and descriptors over time, a panel each. */
export function plot(soaks: readonly Soak[]): Panel[] {
  const panel = (title: string, yTitle: string, value: (sample: Sample) => number): Panel => ({
    title,
    yTitle,
    lines: soaks.map(({ runtime, samples }) => ({
      name: runtime,
      points: samples.map((sample) => [sample.second, value(sample)] as const),
    })),
  });
  return [
    panel("live heap", "MB", ({ heap }) => heap / 1e6),
    panel("resident memory", "MB", ({ rss }) => rss / 1e6),
    panel("open descriptors", "number", ({ descriptors }) => descriptors ?? 0),
  ];
}
