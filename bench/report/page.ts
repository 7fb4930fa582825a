/** docs/performance.md. Its prose is in page.md and notes.md beside this file; the rest is figures. */
import type { Verdict } from "../bounds.ts";
import type { Row } from "../row.ts";
import type { Outcome } from "../run.ts";
import manifest from "../package.json" with { type: "json" };
import { formatCell, NAMES } from "./format.ts";
import type { Machine } from "./machine.ts";
import { tabulate, tabulateVerdicts, toMarkdown } from "./table.ts";

export async function composePage(
  { runtimes, sections }: Outcome,
  verdicts: readonly Verdict[],
  machine: Machine,
  charts: readonly string[],
): Promise<string> {
  const prose = (name: string) => Deno.readTextFile(new URL(name, import.meta.url));
  const { "@azure/identity": identity, "@azure/msal-node": msal } = manifest.dependencies;
  const rows = sections.flatMap((section) => section.rows);
  return [
    "<!-- Written by `npm run bench`; the prose is in bench/report/. -->",
    await prose("page.md"),
    "## Machine and versions",
    `${machine.date}, ${machine.processor}, ${machine.cores} cores, ${machine.memoryInGiB} GiB, ${machine.system}. ` +
    `${
      runtimes.map(({ name, version }) => `${name.split(" ")[0]} ${version}`)
        .join(", ")
    }; ` +
    `@azure/identity ${identity}, @azure/msal-node ${msal}.`,
    "## Bounds",
    toMarkdown(tabulateVerdicts(verdicts)),
    await prose("notes.md"),
    "## Where a peer is better",
    listLosses(rows),
    "## Charts",
    charts.map((name) => `![${name.replaceAll("_", " ")}](performance/${name}.svg)`).join("\n\n"),
    ...sections.flatMap((section) => [`## ${section.title}`, toMarkdown(tabulate(section))]),
  ].map((part) => part.trim()).join("\n\n") + "\n";
}

/** In every figure less is better. */
function listLosses(rows: readonly Row[]): string {
  const losses = rows.filter(({ contender }) => contender === "azure_identity" || contender === "msal_node")
    .flatMap((theirs) => {
      const ours = rows.find(({ figure, runtime, contender }) =>
        contender === "ours" && figure === theirs.figure &&
        runtime === theirs.runtime
      );
      return ours && theirs.value < ours.value
        ? [
          `- ${theirs.figure}${theirs.runtime && `, ${theirs.runtime}`}: ${NAMES[theirs.contender]} ${
            formatCell(theirs)
          }, ours ${formatCell(ours)}`,
        ]
        : [];
    });
  return losses.length > 0 ? losses.join("\n") : "Nowhere in this run.";
}
