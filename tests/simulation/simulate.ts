/**
 * `npm run simulate -- --seeds N --seed S`: simulates N histories from seed S on. Failing seeds are printed with their
 * shrunken histories. `--days D` makes each history that long instead of some hours, `--history` prints every history, and
 * `--brief` ends with the first seed that fails.
 */
import process from "node:process";
import { setImmediate } from "node:timers";
import { parseArgs } from "node:util";
import { drawPlan } from "./draw_plan.ts";
import { shrink } from "./shrink.ts";
import { type Outcome, simulate } from "./simulation.ts";
import { loadDiagnosis } from "../../src/core/acquisition/error_reporter.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    days: { type: "string" },
    history: { type: "boolean", default: false },
    brief: { type: "boolean", default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const days = values.days === undefined ? undefined : Number(values.days);

let unhandled: unknown;
process.on("unhandledRejection", (reason) => unhandled ??= reason ?? "a rejection without a reason");
await loadDiagnosis();

const start = Date.now();
const totals = { calls: 0, requests: 0, hours: 0 };
let digest = 0;
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
  const plan = drawPlan(seed, days);
  const outcome = await simulate(plan, values.history);
  // Unhandled rejections are reported in the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  if (values.history) console.log(outcome.lines.join("\n"));
  if (outcome.violation || unhandled !== undefined) {
    failed++;
    await report(seed, outcome);
    if (values.brief || failed >= 5) break;
  }
  unhandled = undefined;
  for (const digit of outcome.digest) digest = (Math.imul(digest, 31) + digit.charCodeAt(0)) | 0;
  totals.calls += outcome.calls;
  totals.requests += outcome.requests;
  totals.hours += outcome.simulatedInMs / 3_600_000;
}

async function report(seed: number, outcome: Outcome): Promise<void> {
  if (!outcome.violation) return console.log(`seed ${seed}: unhandled rejection: ${unhandled}`);
  console.log(`seed ${seed} breaks "${outcome.violation.invariant}": ${outcome.violation.what}`);
  if (values.brief) return;
  const small = await shrink(drawPlan(seed, days), outcome.violation.invariant);
  console.log("shrunken plan:\n" + JSON.stringify(small.plan));
  console.log("history of the shrunken plan:\n" + small.outcome.lines.map((line) => `  ${line}`).join("\n"));
}

const seconds = (Date.now() - start) / 1000;
console.log(
  `${count} seeds from ${first}: ${totals.calls} calls, ${totals.requests} requests, ` +
    `${Math.round(totals.hours)} simulated hours in ${seconds.toFixed(1)} s; digest ${
      (digest >>> 0).toString(16)
    }`,
);
console.log(`${count - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
