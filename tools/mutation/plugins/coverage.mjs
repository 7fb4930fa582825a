/** Preloaded by each test file: counts how often each mutant is reached, and saves the counts when the process ends. */
import { writeFileSync } from "node:fs";
import process from "node:process";

const {
  MUTATION_COVERAGE_FILE: file,
  MUTATION_HIT_LIMIT: hitLimit,
  __STRYKER_ACTIVE_MUTANT__: activeMutant,
} = process.env;
const stryker = globalThis.__stryker__ ??= {};
if (activeMutant) stryker.activeMutant = activeMutant;
if (hitLimit) Object.assign(stryker, { hitCount: 0, hitLimit: Number(hitLimit) });

function save() {
  writeFileSync(file, JSON.stringify(stryker.mutantCoverage?.static ?? {}));
}
if (file && globalThis.Deno) addEventListener("unload", save);
else if (file) process.on("exit", save);
