/**
 * `npm test`: the checks, then one suite on three runtimes. Prints what failed, a table, and the closing line.
 *
 * `npm test -- behaviour` runs only the test files whose path holds that word, without the checks.
 */
import manifest from "../deno.json" with { type: "json" };
import { listFiles, type Outcome, run } from "./run.ts";

const SOURCES = [
  "mod.ts",
  "build_npm.ts",
  ...["src", "tests", "tools", "examples"].flatMap((folder) => listFiles(folder, ".ts")),
].filter((file) => !file.startsWith("tests/integration/"));
const CHECKS: Record<string, string[]> = {
  "formatting": ["deno", "fmt", "--check"],
  "lint": ["deno", "lint"],
  "types": ["deno", "check", ...SOURCES],
  "core types without a runtime": ["tsc", "-p", "tools/tsconfig.core.json"],
  "public documentation": ["deno", "doc", "--lint", ...Object.values(manifest.exports)],
  "layers and cycles": ["deno", "run", "-A", "tools/check_layers.ts"],
  "manifests agree": ["deno", "run", "-A", "tools/check_manifests.ts"],
  "errors page": ["deno", "run", "-A", "tools/errors_page.ts"],
};

const filter = Deno.args[0] ?? "";
const files = listFiles("tests", "_test.ts").filter((file) => file.includes(filter));
const report = Deno.makeTempDirSync();

const SUITES: Record<string, string[]> = {
  Deno: [
    "deno",
    "test",
    "-A",
    "--no-check",
    "--v8-flags=--expose-gc",
    `--junit-path=${report}/Deno.xml`,
    ...files,
  ],
  Bun: [
    "bun",
    "test",
    "--timeout=120000",
    "--reporter=junit",
    `--reporter-outfile=${report}/Bun.xml`,
    ...files.map((file) => `./${file}`),
  ],
  Node: [
    "node",
    "--import=./tools/node_typescript/register.mjs",
    "--no-warnings",
    "--expose-gc",
    "--test",
    "--test-concurrency=2",
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=junit",
    `--test-reporter-destination=${report}/Node.xml`,
    ...files,
  ],
};

interface Row {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

function count(name: string, outcome: Outcome): Row {
  let xml = "";
  try {
    xml = Deno.readTextFileSync(`${report}/${name}.xml`);
  } catch { /* it died before its report: told by its exit code below */ }
  const tests = xml.match(/<testcase\b/g)?.length ?? 0;
  const failures = xml.match(/<(failure|error)\b/g)?.length ?? 0;
  const failed = outcome.success ? failures : Math.max(1, failures);
  return { name, passed: Math.max(0, tests - failures), failed, seconds: outcome.seconds };
}

async function check(name: string): Promise<Row> {
  const outcome = await run(CHECKS[name]!);
  if (!outcome.success) console.log(`\n--- ${name} ---\n${outcome.output}`);
  return {
    name,
    passed: Number(outcome.success),
    failed: Number(!outcome.success),
    seconds: outcome.seconds,
  };
}

async function suite(name: string): Promise<Row> {
  const outcome = await run(SUITES[name]!);
  const row = count(name, outcome);
  if (row.failed > 0) console.log(`\n--- ${name} ---\n${outcome.output}`);
  else console.log(`${name}: ${row.passed} passed in ${row.seconds.toFixed(1)} s`);
  return row;
}

async function inTurn(jobs: (() => Promise<Row>)[], atOnce: number): Promise<Row[]> {
  const rows: Row[] = [];
  const queue = jobs.entries();
  const work = async () => {
    for (const [index, job] of queue) rows[index] = await job();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return rows;
}

const checks = filter ? [] : Object.keys(CHECKS).map((name) => () => check(name));
const rows = [
  ...await inTurn(checks, 2),
  ...await inTurn(Object.keys(SUITES).map((name) => () => suite(name)), 2),
];
console.log("\n" + "what".padEnd(32) + "passed  failed  seconds");
for (const { name, passed, failed, seconds } of rows) {
  console.log(
    name.padEnd(32) + String(passed).padStart(6) + String(failed).padStart(8) +
      seconds.toFixed(1).padStart(9),
  );
}
const total = (key: "passed" | "failed") => rows.reduce((sum, row) => sum + row[key], 0);
console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
if (total("failed") > 0 || total("passed") === 0) Deno.exit(1);
