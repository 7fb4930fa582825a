/** Runs one file of `node:test` tests on one runtime. */
import { resolve } from "node:path";
import { run } from "./run.ts";

export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** The failures, or what a file printed that ended without a report. */
  readonly problems: string;
}

export type RuntimeName = "Deno" | "Bun" | "Node";

const COMMANDS: Readonly<Record<RuntimeName, (file: string, report: string) => string[]>> = {
  Deno: (file, report) => [
    ...["deno", "test", "-A", "--no-check", "--v8-flags=--expose-gc", `--junit-path=${report}`, file],
  ],
  Bun: (file, report) => [
    // `run` ends a file that hangs. A limit for each test would fail slow tests on a busy machine.
    ...["bun", "test", "--timeout=3600000", "--only-failures"],
    ...["--reporter=junit", `--reporter-outfile=${report}`, resolve(file)],
  ],
  Node: (file, report) => [
    ...["node", "--import=./tools/node_typescript/register.mjs", "--no-warnings", "--expose-gc", "--test"],
    ...["--test-reporter=dot", "--test-reporter-destination=stdout"],
    ...["--test-reporter=junit", `--test-reporter-destination=${report}`, file],
  ],
};

/**
 * Runs a file and counts its tests. A file that ends without a report counts as one failure.
 *
 * @param onOutput called with each piece of standard output as it arrives
 */
export async function runTestFile(
  file: string,
  runtime: RuntimeName,
  onOutput?: (text: string) => void,
): Promise<TestResult> {
  const report = Deno.makeTempFileSync({ suffix: ".xml" });
  const { success, output, seconds } = await run(COMMANDS[runtime](file, report), { onOutput });
  const xml = Deno.readTextFileSync(report);
  Deno.removeSync(report);
  const { passed, failed } = countTests(xml);
  return {
    passed,
    failed: success ? failed : Math.max(1, failed),
    seconds,
    problems: success ? "" : findProblems(output),
  };
}

/** Counts the tests of a JUnit report. On Deno it lists groups as tests, too: these have others below them. */
function countTests(xml: string): { passed: number; failed: number } {
  const cases = [...xml.matchAll(/<testcase name="(.*?)"([^]*?)(?=<testcase |$)/g)];
  const groups = new Set(cases.map(([, name]) => name!.split(" &gt; ").slice(0, -1).join(" &gt; ")));
  const tests = cases.filter(([, name]) => !groups.has(name!));
  const failed = tests.filter(([, , rest]) => /<(failure|error)\b/.test(rest!)).length;
  return { passed: tests.length - failed, failed };
}

/** Deno prints its failures under a heading; the other runtimes are configured to print nothing else. */
function findProblems(output: string): string {
  return (/\n ERRORS \n([^]+?)\n FAILURES \n/.exec(output)?.[1] ?? output).trim();
}
