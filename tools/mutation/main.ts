/**
 * `npm run mutate`: changes the sources by Stryker, one place at a time, and runs the tests that reach it. Takes about an
 * hour; writes the report to .tmp/mutation.
 *
 * `-- --sample 100 --seed 7` tests a random sample. `-- src/fetch` tests only the files whose path starts with a word.
 * Exits with 1 if less than 92 % of the mutants are killed, or if a listed equivalent is stale. A sample must reach 80 %: if
 * 92 % of all mutants are killed, less than 80 of 100 are killed once in 27,000 samples (binomial distribution).
 */
import { parseArgs } from "node:util";
import { installPackages } from "../install_packages.ts";
import { listFiles } from "../run.ts";
import equivalents from "./equivalents.json" with { type: "json" };
import { readMutants } from "./report.ts";
import { computeScore, type Equivalent } from "./score.ts";
import { chooseTests, FOLDERS, STRING_FILES } from "./settings.ts";

const MOST_LISTED = 0.04;
const OUTPUT = ".tmp/mutation";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: "string" }, seed: { type: "string", default: "1" } },
});
const leastScore = values.sample ? 0.8 : 0.92;
const words = positionals.length > 0 ? positionals : FOLDERS;
const sources = FOLDERS.flatMap((folder) => listFiles(folder, ".ts"));
const missing = STRING_FILES.filter((file) => !sources.includes(file));
if (missing.length > 0) {
  console.error(`settings.ts names ${missing.join(", ")}, which does not exist.`);
  Deno.exit(2);
}
const files = sources.filter((file) => words.some((word) => file.startsWith(word)));
if (files.length === 0) {
  console.error(`No mutated file starts with ${words.join(" or ")}.`);
  Deno.exit(2);
}

await installPackages("tools/mutation");
await Deno.mkdir(OUTPUT, { recursive: true });
const plugins = ["test_runner", "mutant_selection"].map((name) => `./tools/mutation/plugins/${name}.mjs`);
await Deno.writeTextFile(
  `${OUTPUT}/stryker.config.json`,
  JSON.stringify({
    plugins,
    mutate: files,
    ignorePatterns: ["npm", ".cache", ".tmp", "bench", "docs", "reference"],
    tempDirName: `${OUTPUT}/sandbox`,
    buildCommand: "node tools/mutation/plugins/prepare_sandbox.mjs",
    testRunner: "test-files",
    tests: chooseTests(),
    checkers: ["selection"],
    stringFiles: STRING_FILES,
    sample: values.sample ? { size: Number(values.sample), seed: values.seed } : null,
    coverageAnalysis: "perTest",
    // Mutants in code that runs at import are reached by each test file as well.
    ignoreStatic: false,
    concurrency: 2,
    // The test runner ends tests that hang; this limit is for the runner itself.
    timeoutMS: 600_000,
    disableTypeChecks: "src/**/*.ts",
    reporters: ["json", "html", "progress-append-only"],
    jsonReporter: { fileName: `${OUTPUT}/mutation.json` },
    htmlReporter: { fileName: `${OUTPUT}/mutation.html` },
    warnings: { unknownOptions: false },
    allowConsoleColors: false,
  }),
);
const stryker = new Deno.Command("tools/mutation/node_modules/.bin/stryker", {
  args: ["run", `${OUTPUT}/stryker.config.json`],
  stdin: "null",
});
if (!(await stryker.spawn().status).success) Deno.exit(1);

const mutants = readMutants(JSON.parse(await Deno.readTextFile(`${OUTPUT}/mutation.json`)));
const listed = (equivalents as Equivalent[]).filter(({ file }) => files.includes(file));
const { killed, tested, survivors, stale } = computeScore(mutants, listed);
for (const { file, lineNumber, line, original, replacement } of survivors) {
  console.log(`\nsurvived: ${file}:${lineNumber}\n  ${line}\n  - ${original}\n  + ${replacement}`);
}
const problems = stale.map(({ file, line, replacement }) =>
  `equivalents.json: ${file}: \`${line}\` with \`${replacement}\` does not exist or was killed. Remove the entry.`
);
if (killed < leastScore * tested) problems.push(`The score is below ${100 * leastScore} %.`);
if (listed.length > MOST_LISTED * mutants.length) {
  problems.push(`equivalents.json lists more than ${100 * MOST_LISTED} % of the mutants.`);
}
const score = (100 * killed / tested).toFixed(1);
console.log(
  `\n${killed} of ${tested} mutants killed: ${score} %. Listed as equivalent: ${listed.length} of ${mutants.length}.`,
);
for (const problem of problems) console.log(problem);
console.log(`\n${killed} passed, ${problems.length} failed`);
if (problems.length > 0) Deno.exit(1);
