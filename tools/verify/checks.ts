/** What the steps of `npm run verify` are written with. */

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

export { succeed } from "../run.ts";
