/** Writes bench/results/, docs/performance.md and its charts. */
import type { Verdict } from "../bounds.ts";
import type { Row } from "../row.ts";
import type { Outcome } from "../run.ts";
import { drawChart, type Group, sortBars } from "./chart.ts";
import { formatCell } from "./format.ts";
import { describeMachine } from "./machine.ts";
import { composePage } from "./page.ts";

/** The figures that are drawn, by the file's name. */
const CHARTS: Record<
  string,
  { figure: string; title: string; logarithmic: boolean }
> = {
  first_token: {
    figure: "process start to first token",
    title: "Process start to first token",
    logarithmic: false,
  },
  import: { figure: "import", title: "A process that only imports", logarithmic: false },
  warm_hit: { figure: "warm hit, 1 key", title: "A call that the cache answers", logarithmic: true },
  installed: {
    figure: "installed, with all dependencies",
    title: "Installed, with all dependencies",
    logarithmic: true,
  },
  cpu: {
    figure: "CPU per exchange, one after another",
    title: "Processor time per exchange",
    logarithmic: false,
  },
  storm: { figure: "1,000 callers cold", title: "1,000 callers at once, no token yet", logarithmic: true },
};

export async function writeReport(outcome: Outcome, verdicts: readonly Verdict[]): Promise<void> {
  const machine = describeMachine();
  const versions = Object.fromEntries(outcome.runtimes.map(({ name, version }) => [name, version]));
  await Deno.mkdir("bench/results", { recursive: true });
  await Deno.mkdir("docs/performance", { recursive: true });
  for (const { title, rows } of outcome.sections) {
    const name = title.toLowerCase().replaceAll(/[^a-z]+/g, "_");
    await Deno.writeTextFile(
      `bench/results/${name}.json`,
      JSON.stringify({ title, machine, versions, rows }, (_, value) => round(value), 2) + "\n",
    );
  }
  const rows = outcome.sections.flatMap((section) => section.rows);
  for (const [name, { figure, title, logarithmic }] of Object.entries(CHARTS)) {
    await Deno.writeTextFile(
      `docs/performance/${name}.svg`,
      drawChart(title, groupBars(rows, figure), logarithmic),
    );
  }
  await Deno.writeTextFile(
    "docs/performance.md",
    await composePage(outcome, verdicts, machine, Object.keys(CHARTS)),
  );
}

function groupBars(rows: readonly Row[], figure: string): Group[] {
  const groups = Map.groupBy(rows.filter((row) => row.figure === figure), ({ runtime }) => runtime);
  return [...groups].map(([label, group]) => ({
    label,
    bars: sortBars(
      group.map((row) => ({ contender: row.contender, value: row.value, text: formatCell(row) })),
    ),
  }));
}

/** JSON knows no infinity: "fails" says what it means here. */
function round(value: unknown): unknown {
  if (typeof value !== "number") return value;
  return value === Infinity ? "fails" : Number(value.toPrecision(4));
}
