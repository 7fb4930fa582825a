/**
 * `npm run fleet`: 100,000 pods in simulated time, with the real credential and with the incumbent's rules.
 *
 * `--pods N`, `--seed S` and `--scenario NAME` choose other fleets; the last two can be repeated. `--save` writes the table
 * and the chart to docs/. `--histories FILE` appends each history to a file and reuses those that the file has; after a
 * change to the core, use another file.
 */
import { parseArgs } from "node:util";
import { composeLineChart } from "../../tools/line_chart.ts";
import { replaceSection } from "../../tools/replace_section.ts";
import { writePage } from "../../tools/write_page.ts";
import { saveChart } from "../../tools/save_chart.ts";
import { loadDiagnosis } from "../../src/core/acquisition/error_reporter.ts";
import { plot, tabulate } from "./figures.ts";
import { appendHistory, readHistories } from "./history_file.ts";
import { SCENARIOS } from "./scenarios.ts";
import { type History, type Rules, simulate } from "./simulate.ts";

const RULES: readonly Rules[] = ["ours", "incumbent"];
const PAGE = "docs/reliability.md";
const CHART = "docs/fleet.svg";

const { values } = parseArgs({
  options: {
    pods: { type: "string", default: "100000" },
    seed: { type: "string", multiple: true, default: ["1", "2", "3"] },
    scenario: { type: "string", multiple: true, default: SCENARIOS.map(({ name }) => name) },
    histories: { type: "string" },
    save: { type: "boolean", default: false },
  },
});
const pods = Number(values.pods);
// Writing stacks would take half of the time.
Error.stackTraceLimit = 0;
await loadDiagnosis();
const known = values.histories === undefined ? [] : await readHistories(values.histories);
const histories: History[] = [];
for (const scenario of SCENARIOS.filter(({ name }) => values.scenario.includes(name))) {
  for (const rules of RULES) {
    for (const seed of values.seed) histories.push(await findOrSimulate(scenario, rules, Number(seed)));
  }
}

async function findOrSimulate(scenario: History["scenario"], rules: Rules, seed: number): Promise<History> {
  const found = known.find((history) =>
    history.scenario === scenario && history.rules === rules && history.seed === seed && history.pods === pods
  );
  if (found) return found;
  const start = Date.now();
  const history = await simulate(scenario, rules, pods, seed);
  if (values.histories !== undefined) await appendHistory(values.histories, history);
  console.log(`${scenario.title}, ${rules}, seed ${seed}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return history;
}

const table = tabulate(histories);
console.log(`\n${table}`);
if (values.save) {
  const size = `${pods.toLocaleString("en")} pods`;
  const page = Deno.readTextFileSync(PAGE);
  await writePage(PAGE, replaceSection(page, "fleet", `With ${size}:\n\n${table}`));
  await saveChart(
    composeLineChart(`Fleet of ${size}, seed ${values.seed[0]}`, "hours", plot(histories)),
    CHART,
  );
}
