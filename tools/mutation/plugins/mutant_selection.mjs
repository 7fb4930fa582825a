/**
 * Chooses the mutants that are tested. Stryker calls this a checker, and reports the others as compile errors, which do
 * not count in the score.
 */
import { createHash } from "node:crypto";
import { relative } from "node:path";
import { CheckStatus } from "@stryker-mutator/api/check";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";

class MutantSelection {
  static inject = tokens(commonTokens.options);
  #stringFiles;
  #sample;

  constructor({ stringFiles, sample }) {
    this.#stringFiles = stringFiles;
    this.#sample = sample;
  }

  async init() {}

  /** Returns all mutants as one group, because a sample is drawn from all of them. */
  group(mutants) {
    return Promise.resolve([mutants.map(({ id }) => id)]);
  }

  check(mutants) {
    const population = mutants.filter((mutant) => !this.#isText(mutant));
    const chosen = new Set(this.#sample ? draw(population, this.#sample) : population);
    const results = mutants.map((mutant) => {
      if (chosen.has(mutant)) return [mutant.id, { status: CheckStatus.Passed }];
      const reason = this.#isText(mutant) ? "a string of words" : "not in the sample";
      return [mutant.id, { status: CheckStatus.CompileError, reason }];
    });
    return Promise.resolve(Object.fromEntries(results));
  }

  /** Most strings are texts for people; only those of tables and requests are mutated. */
  #isText({ mutatorName, fileName }) {
    return mutatorName === "StringLiteral" && !this.#stringFiles.includes(relative(process.cwd(), fileName));
  }
}

/** Draws mutants by the order of their hashes with the seed, so that an unrelated change keeps most of the sample. */
function draw(mutants, { seed, size }) {
  const rank = (mutant) => {
    const { fileName, location, mutatorName, replacement } = mutant;
    const text = JSON.stringify([
      seed,
      relative(process.cwd(), fileName),
      location,
      mutatorName,
      replacement,
    ]);
    return createHash("sha256").update(text).digest("hex");
  };
  return mutants.map((mutant) => [rank(mutant), mutant]).sort(([a], [b]) => a < b ? -1 : 1)
    .slice(0, size).map(([, mutant]) => mutant);
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, "selection", MutantSelection)];
