/** Rows as tables: one line for each figure and runtime, one column for each contender. */
import type { Verdict } from "../bounds.ts";
import type { Row } from "../row.ts";
import type { Section } from "../run.ts";
import { CONTENDERS, formatCell, formatRatio, formatValue, NAMES } from "./format.ts";

/** The first line is the head. */
export type Table = readonly (readonly string[])[];

export function tabulate({ rows }: Section): Table {
  const present = CONTENDERS.filter((name) => rows.some(({ contender }) => contender === name));
  const lines = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.figure}\n${row.runtime}`;
    lines.set(key, [...(lines.get(key) ?? []), row]);
  }
  const cells = [...lines].map(([key, line]) => [
    ...key.split("\n"),
    ...present.map((name) => {
      const row = line.find(({ contender }) => contender === name);
      return row ? formatCell(row) : "";
    }),
  ]);
  return [
    ["figure", "runtime", ...present.map((name) => NAMES[name]!)],
    ...cells,
  ];
}

export function tabulateVerdicts(verdicts: readonly Verdict[]): Table {
  return [
    ["bound", "runtime", "measured", "at most", "kept"],
    ...verdicts.map(({ bound, row, measured, kept }) => {
      const format = (value: number) =>
        bound.of === "ratio" ? formatRatio(value) : formatValue(value, row.unit);
      return [row.figure, row.runtime, format(measured), format(bound.most), kept ? "yes" : "NO"];
    }),
  ];
}

/** For a terminal: columns padded with spaces. */
export function toText(table: Table): string {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")
      .trimEnd()
  ).join("\n");
}

export function toMarkdown([head, ...lines]: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head!), line(head!.map(() => "---")), ...lines.map(line)].join("\n");
}
