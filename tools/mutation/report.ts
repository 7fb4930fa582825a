/** Reads the mutants from Stryker's report. */
import type { Mutant } from "./score.ts";

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Report {
  readonly files: Record<string, {
    readonly source: string;
    readonly mutants: readonly {
      readonly status: string;
      readonly statusReason?: string;
      readonly replacement: string;
      readonly location: { readonly start: Position; readonly end: Position };
    }[];
  }>;
}

/** @see https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema */
export function readMutants(report: Report): Mutant[] {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split("\n");
    return mutants.filter(({ statusReason }) => statusReason !== "a string of words")
      .map(({ status, replacement, location }) => ({
        file,
        line: lines[location.start.line - 1]!.trim(),
        lineNumber: location.start.line,
        original: extract(lines, location.start, location.end),
        replacement,
        status: readStatus(status),
      }));
  });
}

/** Lines and columns start at 1; the end is not included. */
function extract(lines: readonly string[], start: Position, end: Position): string {
  const text = lines.slice(start.line - 1, end.line);
  text[text.length - 1] = text.at(-1)!.slice(0, end.column - 1);
  text[0] = text[0]!.slice(start.column - 1);
  return text.join("\n");
}

function readStatus(status: string): Mutant["status"] {
  if (status === "Killed" || status === "Timeout") return "killed";
  return status === "Survived" || status === "NoCoverage" ? "survived" : "not tested";
}
