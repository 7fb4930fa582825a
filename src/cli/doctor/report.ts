/** The doctor's output for people. */
import { describeDiagnosis } from "../support/diagnosis_lines.ts";
import type { Shell } from "../support/shell.ts";
import { createStyle } from "../support/style.ts";
import { wrap } from "../support/wrap.ts";
import type { CheckedStep } from "./checklist.ts";

const COLOURS = { passed: "green", warned: "yellow", failed: "red", skipped: "dim" } as const;
const STATUS_WIDTH = 13;

export interface Report {
  /** Shows on a terminal that a check is running. */
  start(name: string): void;
  add(step: CheckedStep): void;
  end(steps: readonly CheckedStep[]): void;
}

export function createReport({ output, platform, ...shell }: Shell, names: readonly string[]): Report {
  const style = createStyle({ output, platform, ...shell });
  const nameWidth = Math.max(...names.map((name) => name.length)) + 2;
  const indent = " ".repeat(STATUS_WIDTH);
  const clear = output.isTerminal ? "\r\x1b[K" : "";
  return {
    start(name) {
      if (output.isTerminal) output.write(style(`checking ${name} ...`, "dim"));
    },
    add({ name, status, summary, diagnosis }) {
      const head = style(status.padEnd(STATUS_WIDTH), COLOURS[status]) + name.padEnd(nameWidth);
      const lines = [
        (head + wrap(summary, STATUS_WIDTH + nameWidth, output.columns)).trimEnd(),
        ...(diagnosis ? describeDiagnosis(diagnosis, platform, indent, output.columns) : []),
      ];
      output.write(`${clear}${lines.join("\n")}\n`);
    },
    end(steps) {
      output.write(`\n${summarize(steps)}\n`);
    },
  };
}

function summarize(steps: readonly CheckedStep[]): string {
  const count = (status: CheckedStep["status"]) => steps.filter((step) => step.status === status).length;
  const parts = [
    plural(count("failed"), "problem"),
    ...(count("warned") > 0 ? [plural(count("warned"), "warning")] : []),
    ...(count("skipped") > 0 ? [`${plural(count("skipped"), "check")} skipped`] : []),
  ];
  return parts.join(", ");
}

function plural(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}
