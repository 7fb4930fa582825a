/** What the steps of `npm run verify` are written with. */
import { run } from "../run.ts";

let passed = 0;
let failed = 0;

/** Runs one check; it fails by throwing. */
export async function check(name: string, body: () => void | Promise<void>): Promise<void> {
  const start = Date.now();
  let told = "ok    ";
  let problem = "";
  try {
    await body();
    passed++;
  } catch (error) {
    failed++;
    told = "FAILED";
    problem = "\n" + (error instanceof Error ? error.message : String(error)).replace(/^/gm, "    ");
  }
  console.log(`${told} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)${problem}`);
}

/** Prints the counts that `tools/verify.ts` reads, and ends with exit code 1 if a check failed. */
export function conclude(): never {
  console.log(`\n${passed} passed, ${failed} failed`);
  Deno.exit(failed > 0 || passed === 0 ? 1 : 0);
}

/** Runs a command that has to succeed, and returns what it printed, without its warnings. */
export async function succeed(
  command: string[],
  options?: { cwd?: string; env?: Record<string, string> },
): Promise<string> {
  const { success, stdout, output } = await run(command, options);
  if (!success) throw new Error(`${command.join(" ")}\n${output.trimEnd()}`);
  return stdout;
}
