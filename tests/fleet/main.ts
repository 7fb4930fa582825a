/**
 * `npm run fleet`: 100,000 pods in simulated time, with the real credential and with the incumbent's rules.
 *
 * `--pods N` and `--seed S` choose another fleet, `--scenario NAME` one scenario alone; `--save` puts table and plot
 * into docs/.
 */
import { parseArgs } from "node:util";
import { composeLineChart } from "../../tools/line_chart.ts";
import { replaceSection } from "../../tools/replace_section.ts";
import { writePage } from "../../tools/write_page.ts";
import { saveChart } from "../../tools/save_chart.ts";
import { loadDiagnosis } from "../../src/core/failure/diagnosis_loader.ts";
import { plot, tabulate } from "./figures.ts";
import { SCENARIOS } from "./scenarios.ts";
import { type History, type Rules, simulate } from "./simulate.ts";

const RULES: readonly Rules[] = ["ours", "incumbent", "held back"];
const PAGE = "docs/reliability.md";
const CHART = "docs/fleet.svg";

const { values } = parseArgs({
  options: {
    pods: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    scenario: { type: "string", multiple: true, default: SCENARIOS.map(({ name }) => name) },
    save: { type: "boolean", default: false },
  },
});
// Stacks that nobody reads are half of the time.
Error.stackTraceLimit = 0;
await loadDiagnosis();
const histories: History[] = [];
for (const scenario of SCENARIOS.filter(({ name }) => values.scenario.includes(name))) {
  for (const rules of RULES) {
    const start = Date.now();
    histories.push(await simulate(scenario, rules, Number(values.pods), Number(values.seed)));
    console.log(`${scenario.title}, ${rules}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
}
const table = tabulate(histories);
console.log(`\n${table}`);
if (values.save) {
  const size = `${Number(values.pods).toLocaleString("en")} pods, seed ${values.seed}`;
  const page = Deno.readTextFileSync(PAGE);
  await writePage(PAGE, replaceSection(page, "fleet", `With ${size}:\n\n${table}`));
  await saveChart(composeLineChart(`Fleet of ${size}`, "hours", plot(histories)), CHART);
}
