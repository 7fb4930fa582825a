/** Writes docs/performance.md and its chart from the results of a run. */
import { cpus, totalmem } from "node:os";
import { saveChart } from "../../tools/save_chart.ts";
import { writePage } from "../../tools/write_page.ts";
import type { Outcome } from "../benchmark.ts";
import { judge, type Verdict } from "../budgets.ts";
import { COMPETITORS } from "../measurement.ts";
import manifest from "../package.json" with { type: "json" };
import type { Row } from "../row.ts";
import { composeChart } from "./chart.ts";
import { FIGURES } from "./figures.ts";
import { formatRatio, formatValue, NAMES } from "./format.ts";
import { showCell, tabulateFigure, toMarkdown } from "./table.ts";

const RESULTS = "bench/results.json";
const PAGE = "docs/performance.md";
const CHART = "performance.svg";

export interface Report extends Outcome {
  /** The date, and the machine's processor, memory and system. */
  readonly machine: string;
}

export async function writeReport({ runtimes, rows }: Outcome): Promise<void> {
  const report: Report = {
    machine: describeMachine(),
    runtimes: runtimes.map(({ name, version }) => ({ name, version })),
    rows,
  };
  await Deno.writeTextFile(RESULTS, JSON.stringify(report, (_, value) => encode(value), 2) + "\n");
  await writeReportPage(report);
}

/** Reads the results of the last run. */
export async function readReport(): Promise<Report> {
  return JSON.parse(await Deno.readTextFile(RESULTS), (_, value) => value === "fails" ? Infinity : value);
}

/** JSON has no infinity. */
function encode(value: unknown): unknown {
  if (typeof value !== "number") return value;
  return value === Infinity ? "fails" : Number(value.toPrecision(4));
}

export async function writeReportPage(report: Report): Promise<void> {
  await saveChart(composeChart(report.rows, "process start to first token"), `docs/${CHART}`);
  await writePage(PAGE, await composePage(report));
}

async function composePage({ machine, runtimes, rows }: Report): Promise<string> {
  const packages = ["ours", ...COMPETITORS];
  const lines = Object.entries(FIGURES).map(([figure, label]) =>
    tabulateFigure(label, rows.filter((row) => row.figure === figure), packages)
  );
  const versions = runtimes.map(({ name, version }) => `${name.split(" ")[0]} ${version}`).join(", ");
  const { "@azure/identity": identity, "@azure/msal-node": msal, azurite } = manifest.dependencies;
  return [
    "<!-- Written by `npm run bench`; the text is in bench/report/. -->",
    "# Performance",
    composeAnswer(rows),
    `Cells with four figures are ${
      runtimes.map(({ name }) => name).join(" / ")
    }. Figures without a unit are counts, or ratios to ` +
    "the baseline named in the first column. Less is better everywhere; _fails_ means that a call was rejected " +
    "although the cached token was valid.",
    toMarkdown([["", ...packages.map((name) => NAMES[name]!)], ...lines]),
    `![Process start to first token on each runtime](${CHART})`,
    (await Deno.readTextFile(new URL("method.md", import.meta.url))).trim(),
    `Measured on ${machine}, with ${versions}, @azure/identity ${identity}, @azure/msal-node ${msal} and Azurite ${azurite}.`,
    "## Which budgets are not met?",
    composeVerdicts(judge(rows, false)),
    "## Where is a competitor better?",
    listLosses(rows),
  ].join("\n\n") + "\n";
}

/** The figures that people ask for first. */
function composeAnswer(rows: readonly Row[]): string {
  const show = (figure: string) => {
    const [own, theirs] = ["ours", "azure_identity"].map((candidate) => {
      const row = rows.find((row) =>
        row.figure === figure && row.candidate === candidate && row.runtime === "Node 24"
      )!;
      return formatValue(row.value, row.unit);
    });
    return `${own} (${NAMES.azure_identity}: ${theirs})`;
  };
  return `On Node 24, the first token takes ${
    show("process start to first token")
  } from the start of the process, and a ` +
    `cached token ${show("warm hit, 1 scope")}. The requests of 1,000 concurrent first calls: ${
      show("requests of 1,000 callers cold")
    }.`;
}

function composeVerdicts(verdicts: readonly Verdict[]): string {
  const missed = verdicts.filter(({ kept }) => !kept);
  const intro = `${verdicts.length - missed.length} of ${verdicts.length} budgets of [bench/budgets.ts]` +
    "(../bench/budgets.ts) were met in this run. Not met:";
  if (missed.length === 0) {
    return `All ${verdicts.length} budgets were met in this run.`;
  }
  const lines = [...Map.groupBy(missed, ({ budget }) => budget)].map(([budget, verdicts]) => {
    const format = (value: number, unit: Row["unit"]) =>
      budget.of === "ratio" ? formatRatio(value) : formatValue(value, unit);
    const most = format(budget.most, verdicts[0]!.row.unit);
    const figures = verdicts.map(({ row: { runtime, unit }, measured }) => {
      const shown = format(measured, unit);
      return `${runtime && `${runtime} `}${shown === most ? `${most}, rounded down` : shown}`;
    });
    return `- ${budget.figure}: ${figures.join(", ")}; budget ${most}.${
      budget.reason ? ` ${budget.reason}` : ""
    }`;
  });
  return [intro, "", ...lines].join("\n");
}

function listLosses(rows: readonly Row[]): string {
  const losses = rows.filter(({ candidate, figure }) => COMPETITORS.includes(candidate) && figure in FIGURES)
    .flatMap((theirs) => {
      const ours = rows.find(({ figure, runtime, candidate }) =>
        candidate === "ours" && figure === theirs.figure &&
        runtime === theirs.runtime
      );
      // By ratio, because absolute times drift within a run, unless each is compared with itself.
      const hasSharedBaseline = theirs.against !== undefined && theirs.against in NAMES;
      const by = ({ value, ratio = value }: Row) => hasSharedBaseline ? ratio : value;
      if (!ours || by(theirs) >= by(ours)) return [];
      const [best, own] = [theirs, ours].map((row) =>
        hasSharedBaseline ? showCell(row) : formatValue(row.value, row.unit)
      );
      return `- ${theirs.figure}${theirs.runtime && `, ${theirs.runtime}`}: ${
        NAMES[theirs.candidate]
      } ${best}, ${own} here`;
    });
  return losses.length > 0 ? losses.join("\n") : "In none of these figures.";
}

function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const system = `${Deno.build.os} ${Deno.build.arch}`;
  return `${new Date().toISOString().slice(0, 10)}, ${
    cpus()[0]?.model ?? "an unknown processor"
  }, ${cpus().length} ` +
    `cores, ${memory} GiB, ${system}`;
}
