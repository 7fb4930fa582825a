/** Prints the results of `npm test` and `npm run verify`. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

/** Prints a line for a finished part and, if it failed, the reason below. */
export function printResult(isGood: boolean, name: string, seconds: number, problems = ""): void {
  console.log(`${isGood ? "ok    " : "FAILED"}  ${name} (${seconds.toFixed(1)} s)`);
  if (problems) console.log(`\n${problems.replace(/^(?=.)/gm, "    ")}\n`);
}

const startedAt = Date.now();

/** Prints a table of all counts and the closing line, and ends the process: with 1 after a failure. */
export function conclude(counts: ReadonlyMap<string, Counts>): never {
  const names = ["", ...counts.keys()];
  const width = Math.max(...names.map((name) => name.length)) + 2;
  console.log(`\n${"".padEnd(width)}  passed  failed  seconds`);
  for (const [name, { passed, failed, seconds }] of [...counts].sort()) {
    const cells = [String(passed).padStart(8), String(failed).padStart(8), seconds.toFixed(1).padStart(9)];
    console.log(name.padEnd(width) + cells.join(""));
  }
  const [passed, failed] = (["passed", "failed"] as const).map((key) =>
    [...counts.values()].reduce((sum, count) => sum + count[key], 0)
  );
  console.log(`\nfinished after ${Math.round((Date.now() - startedAt) / 1000)} s`);
  console.log(`${passed} passed, ${failed} failed`);
  Deno.exit(failed || !passed ? 1 : 0);
}

/** Adds the counts of one part to those of a row. */
export function addCounts(counts: Map<string, Counts>, name: string, part: Counts): void {
  const { passed, failed, seconds } = counts.get(name) ?? { passed: 0, failed: 0, seconds: 0 };
  counts.set(name, {
    passed: passed + part.passed,
    failed: failed + part.failed,
    seconds: seconds + part.seconds,
  });
}

/** Chooses the files that have one of the words in their path, or all; without any, ends the process with 2. */
export function chooseFiles(files: readonly string[], words: readonly string[]): string[] {
  const chosen = files.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  if (chosen.length > 0) return chosen;
  console.error(
    `No file has ${words.map((word) => `"${word}"`).join(" or ")} in its path: see tests/README.md`,
  );
  Deno.exit(2);
}
