/** Stryker's test runner: one test is a test file on a runtime, in a separate process. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { DryRunStatus, TestStatus, toMutantRunResult } from "@stryker-mutator/api/test-runner";

const COVERAGE = fileURLToPath(new URL("coverage.mjs", import.meta.url));
const COMMANDS = {
  bun: ["bun", "test", "--bail", "--timeout=120000", `--preload=${COVERAGE}`],
  deno: [
    ...["deno", "test", "-A", "--no-check", "--fail-fast", "--v8-flags=--expose-gc", `--preload=${COVERAGE}`],
  ],
  node: [
    ...["node", `--import=${COVERAGE}`, "--import=./tools/node_typescript/register.mjs", "--no-warnings"],
    "--expose-gc",
  ],
};
const AT_ONCE = 2;
const KEPT_OUTPUT = 4000;
/** In the sandbox, where each process of Stryker finds it. */
const DURATIONS = "test_durations.json";
/** A test file that takes this much longer than three times its usual time counts as hanging. */
const SPARE_IN_MS = 15_000;

class TestFileRunner {
  static inject = tokens(commonTokens.options);
  #tests;

  constructor({ tests }) {
    this.#tests = Object.entries(tests).flatMap(([runtime, files]) =>
      files.map((file) => `${runtime} ${file}`)
    );
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun({ timeout }) {
    const folder = mkdtempSync(join(tmpdir(), "mutation-"));
    const perTest = {};
    const tests = [];
    const queue = this.#tests.entries();
    const work = async () => {
      for (const [index, id] of queue) {
        const file = join(folder, String(index));
        tests.push(await runTest(id, timeout, { MUTATION_COVERAGE_FILE: file }));
        if (tests.at(-1).status === TestStatus.Success) perTest[id] = JSON.parse(readFileSync(file, "utf8"));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    rmSync(folder, { recursive: true });
    // Mutants are tested by the fastest files first.
    tests.sort((a, b) => a.timeSpentMs - b.timeSpentMs);
    writeFileSync(
      DURATIONS,
      JSON.stringify(Object.fromEntries(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]))),
    );
    const ordered = Object.fromEntries(tests.map(({ id }) => [id, perTest[id] ?? {}]));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: {}, perTest: ordered } };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const tests = [];
    const durations = JSON.parse(readFileSync(DURATIONS, "utf8"));
    const env = { __STRYKER_ACTIVE_MUTANT__: activeMutant.id, MUTATION_HIT_LIMIT: String(hitLimit ?? "") };
    for (const id of testFilter ?? this.#tests) {
      const result = await runTest(id, 3 * durations[id] + SPARE_IN_MS, env);
      if (result.timedOut) return toMutantRunResult({ status: DryRunStatus.Timeout });
      tests.push(result);
      if (result.status === TestStatus.Failed) break;
    }
    return toMutantRunResult({ status: DryRunStatus.Complete, tests });
  }
}

/** Runs a test file; it has failed if its process ends with another exit code than 0. */
function runTest(id, timeoutInMs, env) {
  const [runtime, file] = id.split(" ");
  const [command, ...args] = [...COMMANDS[runtime], `./${file}`];
  const start = Date.now();
  const child = spawn(command, args, {
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  let timedOut = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => output = (output + chunk).slice(-KEPT_OUTPUT));
  }
  // The whole group, so that programs started by a test end as well.
  const timer = setTimeout(() => {
    timedOut = true;
    process.kill(-child.pid, "SIGKILL");
  }, Math.max(0, timeoutInMs));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      // Ended from outside, which proves nothing about the mutant: Stryker tries again.
      if (!timedOut && ["SIGKILL", "SIGTERM"].includes(signal)) {
        return reject(new Error(`${id} was ended by ${signal}`));
      }
      const status = code === 0 ? TestStatus.Success : TestStatus.Failed;
      const common = { id, name: id, fileName: file, timeSpentMs: Date.now() - start, status, timedOut };
      resolve(code === 0 ? common : { ...common, failureMessage: output });
    });
  });
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "test-files", TestFileRunner)];
