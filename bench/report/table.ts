/** Tables for a terminal and for Markdown. */
import type { Verdict } from "../budgets.ts";
import type { Row } from "../row.ts";
import { formatRatio, formatValue } from "./format.ts";

/** The first line is the header. */
export type Table = readonly (readonly string[])[];

export function tabulateVerdicts(verdicts: readonly Verdict[]): Table {
  return [
    ["figure", "runtime", "measured", "at most", "met"],
    ...verdicts.map(({ budget, row, measured, kept }) => {
      const format = (value: number) =>
        budget.of === "ratio" ? formatRatio(value) : formatValue(value, row.unit);
      return [row.figure, row.runtime, format(measured), format(budget.most), kept ? "yes" : "NO"];
    }),
  ];
}

/** A line of the page's table: the figure, and one cell for each package. */
export function tabulateFigure(
  label: string,
  rows: readonly Row[],
  packages: readonly string[],
): readonly string[] {
  const cells = packages.map((name) => {
    const own = rows.filter(({ candidate }) => candidate === name);
    return own.map(showCell).join(" / ");
  });
  return [label, ...cells];
}

/** Shows the ratio, or the value of a figure without a baseline. */
export function showCell({ value, unit, ratio }: Row): string {
  return ratio === undefined ? formatValue(value, unit) : formatRatio(ratio);
}

/** Pads the columns with spaces. */
export function toText(table: Table): string {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")
      .trimEnd()
  )
    .join("\n");
}

export function toMarkdown([head, ...lines]: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head!), line(head!.map(() => "---")), ...lines.map(line)].join("\n");
}
