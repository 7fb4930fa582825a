/** `npm run verify`: what takes longer than `npm test`. Each step is a program that ends in `N passed, N failed`. */
import { run } from "./run.ts";

const STEPS: Record<string, string[]> = {};

let passed = 0;
let failed = 0;
for (const [name, command] of Object.entries(STEPS)) {
  const { success, output, seconds } = await run(command);
  const counts = /^(\d+) passed, (\d+) failed$/m.exec(output.trimEnd().split("\n").at(-1) ?? "");
  passed += Number(counts?.[1] ?? 0);
  failed += success ? 0 : Math.max(1, Number(counts?.[2] ?? 0));
  console.log(`\n=== ${name} (${seconds.toFixed(0)} s) ===\n${output.trimEnd()}`);
}
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0) Deno.exit(1);
