/** Step `fleet` of `npm run verify`: a small fleet, held against what the full one shows. */
import { check, conclude } from "../../tools/verify/checks.ts";
import { loadDiagnosis } from "../../src/core/failure/diagnosis_loader.ts";
import { evaluate, tabulate } from "./figures.ts";
import { SCENARIOS } from "./scenarios.ts";
import { type Rules, simulate } from "./simulate.ts";

const PODS = 2000;
const SEED = 1;

// Stacks that nobody reads are half of the time.
Error.stackTraceLimit = 0;
await loadDiagnosis();

async function run(name: string, rules: Rules, seed = SEED) {
  const history = await simulate(SCENARIOS.find((scenario) => scenario.name === name)!, rules, PODS, seed);
  return { history, figures: evaluate(history) };
}

function require(holds: boolean, ...values: number[]): void {
  if (!holds) throw new Error(`it is ${values.map((value) => value.toFixed(2)).join(" against ")}`);
}

const [ours, theirs] = [await run("start", "ours"), await run("start", "incumbent")];
await check("started together, the fleet does not renew together", () => {
  const [peak, other] = [ours.figures.peakToMean, theirs.figures.peakToMean];
  require(peak < 15 && peak < other / 2, peak, other);
});
await check("started together, hardly a call fails, where many do with the incumbent's rules", () => {
  const [failed, other] = [ours.figures.failed, theirs.figures.failed];
  require(failed < 10 && failed < other / 10, failed, other);
});
await check("started together, at rest again within 5 minutes", () => {
  require(ours.figures.recoveryInMinutes <= 5, ours.figures.recoveryInMinutes);
});

const [outage, otherOutage] = [await run("outage", "ours"), await run("outage", "incumbent")];
await check("in an outage fewer calls fail than with the incumbent's rules", () => {
  const [failed, other] = [outage.figures.failed, otherOutage.figures.failed];
  require(failed < other / 2, failed, other);
});
await check("in an outage pods are without a token no longer than with the incumbent's rules", () => {
  const [seconds, other] = [outage.figures.withoutToken, otherOutage.figures.withoutToken];
  require(seconds <= other, seconds, other);
});
await check("after an outage the fleet is at rest again within 20 minutes", () => {
  require(outage.figures.recoveryInMinutes <= 20, outage.figures.recoveryInMinutes);
});
await check("in an outage no pod sends more than 8 attempts a minute", () => {
  const { requests } = outage.history;
  const busiest = Math.max(...requests) * 6 / PODS;
  require(busiest <= 8, busiest);
});

const [rolling, otherRolling] = [await run("rolling", "ours"), await run("rolling", "incumbent")];
await check("a rolling deployment is over within 20 minutes, and fails hardly a call", () => {
  const { failed, recoveryInMinutes } = rolling.figures;
  require(failed < 40 && recoveryInMinutes <= 20, failed, recoveryInMinutes);
});

const [throttled, otherThrottled] = [await run("throttled", "ours"), await run("throttled", "incumbent")];
await check("on a throttled day a quarter of the calls fail that do with the incumbent's rules", () => {
  const [failed, other] = [throttled.figures.failed, otherThrottled.figures.failed];
  require(failed < other / 4, failed, other);
});

await check("one seed, one history; another seed, another", async () => {
  const [again, other] = [await run("start", "ours"), await run("start", "ours", SEED + 1)];
  const text = ({ history }: typeof ours) => JSON.stringify([...history.requests, history.experience]);
  if (text(again) !== text(ours)) throw new Error("the same seed gave another history");
  if (text(other) === text(ours)) throw new Error("another seed gave the same history");
});
const all = [ours, theirs, rolling, otherRolling, outage, otherOutage, throttled, otherThrottled];
console.log(`\n${tabulate(all.map(({ history }) => history))}`);
conclude();
