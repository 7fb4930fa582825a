/**
 * `npm run verify`: the checks that take longer than `npm test`. Runs every `*_verify.ts` on Deno, one file after the other, and
 * prints each test as it ends.
 *
 * `npm run verify -- package` runs only the files with that word in their path.
 */
import { addCounts, chooseFiles, conclude, type Counts, printResult } from "./report.ts";
import { listFiles } from "./run.ts";
import { runTestFile } from "./test_file.ts";

const MARKS: Readonly<Record<string, string>> = { ok: "ok    ", FAILED: "FAILED", ignored: "skipped" };

/** Turns the output of `deno test` into a line for each test. The output of a test itself is indented. */
function createPrinter(): (text: string) => void {
  let rest = "";
  let isOutput = false;
  let slow = "";
  const printLine = (line: string) => {
    const [, isEnd] = /^-+ (?:pre-test |post-test )?output (end )?-+$/.exec(line) ?? [];
    // A slow test is announced in the middle of its line, whose rest then lacks the name.
    slow = /^ *(.+?) \.\.\.'.+' has been running for over /.exec(line)?.[1] ?? slow;
    const [, name = slow, result, duration] =
      /^ *(?:(.+?) \.\.\. )?(ok|FAILED|ignored)(?! \|).*\((.+?)\)$/.exec(line) ?? [];
    if (/^-+ ((pre|post)-test )?output -+$/.test(line)) isOutput = true;
    else if (isEnd) isOutput = false;
    else if (isOutput) console.log(`        ${line}`);
    else if (result) console.log(`${MARKS[result!]}  ${name} (${duration!.replace(/[a-zµ]+$/, " $&")})`);
  };
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) printLine(line);
  };
}

const files = ["tests", "bench"].flatMap((folder) => listFiles(folder, "_verify.ts"));
const counts = new Map<string, Counts>();
for (const file of chooseFiles(files, Deno.args)) {
  console.log(`\n=== ${file} ===`);
  const result = await runTestFile(file, "Deno", createPrinter());
  addCounts(counts, file, result);
  printResult(result.failed === 0, file, result.seconds, result.problems);
}
conclude(counts);
