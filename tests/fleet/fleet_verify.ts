/** Simulates a small fleet, and compares it with the incumbent's rules. `npm run fleet` simulates the full one. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { loadDiagnosis } from "../../src/core/acquisition/error_reporter.ts";
import { evaluate, type Figures, tabulate } from "./figures.ts";
import { SCENARIOS } from "./scenarios.ts";
import { type History, type Rules, simulate } from "./simulate.ts";

const PODS = 2000;
const SEED = 1;

interface Result {
  readonly history: History;
  readonly figures: Figures;
}

const histories: History[] = [];

async function run(name: string, rules: Rules, seed = SEED): Promise<Result> {
  const history = await simulate(SCENARIOS.find((scenario) => scenario.name === name)!, rules, PODS, seed);
  if (seed === SEED) histories.push(history);
  return { history, figures: evaluate(history) };
}

// Writing stacks would take half of the time.
Error.stackTraceLimit = 0;
before(loadDiagnosis);

describe("a fleet that starts at once", () => {
  let ours: Result;
  let theirs: Result;
  before(async () => {
    ours = await run("start", "ours");
    theirs = await run("start", "incumbent");
  });

  test("does not refresh at once", () => {
    const [peak, other] = [ours.figures.peakToMean, theirs.figures.peakToMean];
    assert.ok(peak < 15 && peak < other / 2, `${peak} against ${other}`);
  });
  test("has a tenth of the failed calls of the incumbent's rules", () => {
    const [failed, other] = [ours.figures.failed, theirs.figures.failed];
    assert.ok(failed < 10 && failed < other / 10, `${failed} against ${other}`);
  });
  test("recovers within 5 minutes", () => {
    assert.ok(ours.figures.recoveryInMinutes <= 5, String(ours.figures.recoveryInMinutes));
  });
  test("has the same history only with the same seed", async () => {
    const [again, other] = [await run("start", "ours", SEED), await run("start", "ours", SEED + 1)];
    histories.pop();
    const text = ({ history }: Result) => JSON.stringify([...history.requests, history.experience]);
    assert.ok(text(again) === text(ours), "the same seed gave another history");
    assert.ok(text(other) !== text(ours), "another seed gave the same history");
  });
});

describe("a fleet in an outage", () => {
  let ours: Result;
  let theirs: Result;
  before(async () => {
    ours = await run("outage", "ours");
    theirs = await run("outage", "incumbent");
  });

  test("has at most 30,000 failed calls per 1,000 pods, and fewer than with the incumbent's rules", () => {
    const [failed, other] = [ours.figures.failed, theirs.figures.failed];
    assert.ok(failed <= 30_000 && failed < other, `${failed} against ${other}`);
  });
  test("sends at most 16 requests per pod and hour", () => {
    assert.ok(ours.figures.perPodAndHour <= 16, String(ours.figures.perPodAndHour));
  });
  test("is without a token no longer than with the incumbent's rules", () => {
    const [seconds, other] = [ours.figures.withoutToken, theirs.figures.withoutToken];
    assert.ok(seconds <= other, `${seconds} against ${other}`);
  });
  test("recovers within 20 minutes", () => {
    assert.ok(ours.figures.recoveryInMinutes <= 20, String(ours.figures.recoveryInMinutes));
  });
  test("sends at most 8 attempts a minute from each pod", () => {
    const busiest = Math.max(...ours.history.requests) * 6 / PODS;
    assert.ok(busiest <= 8, String(busiest));
  });
});

test("a rolling deployment recovers within 20 minutes, with at most 40 failed calls of 1,000 pods", async () => {
  const { failed, recoveryInMinutes } = (await run("rolling", "ours")).figures;
  await run("rolling", "incumbent");
  assert.ok(failed < 40 && recoveryInMinutes <= 20, `${failed} failed, ${recoveryInMinutes} minutes`);
});

test("on a throttled day at most a quarter of the incumbent's calls fail", async () => {
  const { failed } = (await run("throttled", "ours")).figures;
  const other = (await run("throttled", "incumbent")).figures.failed;
  assert.ok(failed < other / 4, `${failed} against ${other}`);
});

describe("the table", () => {
  after(() => console.log(tabulate(histories)));
  test("has both sets of rules for each scenario", () =>
    assert.equal(histories.length, 2 * SCENARIOS.length));
});
