/**
 * `npm test`: the checks, then every `*_test.ts` on three runtimes.
 *
 * `npm test -- abort retry` runs only the test files with one of the words in their path, without the checks.
 */
import manifest from "../deno.json" with { type: "json" };
import { addCounts, chooseFiles, conclude, type Counts, printResult } from "./report.ts";
import { listFiles, run } from "./run.ts";
import { runTestFile, type RuntimeName } from "./test_file.ts";

const SOURCES = [
  "mod.ts",
  "build_npm.ts",
  ...["src", "tests", "tools", "examples"].flatMap((folder) => listFiles(folder, ".ts")),
].filter((file) => !file.startsWith("tests/integration/"));
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  "types": ["deno", "check", ...SOURCES],
  "core types without a runtime": ["tsc", "-p", "tools/tsconfig.core.json"],
  "npm package builds": ["deno", "run", "-A", "build_npm.ts", "--with=tsc"],
  "public documentation": ["deno", "doc", "--lint", ...Object.values(manifest.exports)],
  "formatting": ["deno", "fmt", "--check"],
  "lint": ["deno", "lint"],
  "layers and cycles": ["deno", "run", "-A", "tools/check_layers.ts"],
  "manifests agree": ["deno", "run", "-A", "tools/check_manifests.ts"],
  "errors page": ["deno", "run", "-A", "tools/errors_page.ts"],
  "schemas of the emulator": ["deno", "run", "-A", "tools/emulator_schemas/main.ts"],
};
const RUNTIMES: readonly RuntimeName[] = ["Deno", "Bun", "Node"];

const words = Deno.args;
const files = chooseFiles(listFiles("tests", "_test.ts"), words);
const counts = new Map<string, Counts>();

async function check(name: string): Promise<void> {
  const { success, output, seconds } = await run(CHECKS[name]!);
  addCounts(counts, "checks", { passed: Number(success), failed: Number(!success), seconds });
  printResult(success, name, seconds, success ? "" : output.trim());
}

async function test(file: string, runtime: RuntimeName): Promise<void> {
  const result = await runTestFile(file, runtime);
  addCounts(counts, runtime, result);
  const { passed, failed, seconds, problems } = result;
  const tally = failed > 0 ? `${passed} passed, ${failed} failed` : `${passed} passed`;
  printResult(failed === 0, `${runtime.padEnd(4)}  ${file}: ${tally}`, seconds, problems);
}

const jobs = [
  ...(words.length > 0 ? [] : Object.keys(CHECKS).map((name) => () => check(name))),
  ...files.flatMap((file) => RUNTIMES.map((runtime) => () => test(file, runtime))),
].values();
const work = async () => {
  for (const job of jobs) await job();
};
await Promise.all(Array.from({ length: navigator.hardwareConcurrency + 2 }, work));
conclude(counts);
