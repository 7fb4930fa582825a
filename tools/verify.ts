/**
 * `npm run verify`: what takes longer than `npm test`. Each step is a program that ends in `N passed, N failed`.
 *
 * `npm run verify -- package` runs only the steps whose name holds that word.
 */
const STEPS: Record<string, string[]> = {
  "integration": ["deno", "run", "-A", "tests/integration/verify.ts"],
  "egress": ["deno", "run", "-A", "tests/tls/verify.ts"],
  "interop": ["deno", "run", "-A", "tests/interop/verify.ts"],
  "package": ["deno", "run", "-A", "tests/package/verify.ts"],
  "docs": ["deno", "run", "-A", "tests/docs/verify.ts"],
  "bench": ["deno", "run", "-A", "bench/verify.ts"],
  "simulation": ["deno", "run", "-A", "tests/simulation/verify.ts"],
  "planted faults": ["deno", "run", "-A", "tests/simulation/plant_faults.ts"],
  "mutants": ["deno", "run", "-A", "tools/mutation/main.ts", "--sample", "100"],
  "soak": ["deno", "run", "-A", "tests/soak/main.ts", "--minutes", "0.5"],
  "fleet": ["deno", "run", "-A", "tests/fleet/verify.ts"],
};

/** Runs a step and passes on what it prints as it prints it. A step that ends without its counts has failed. */
async function runStep(command: string[]): Promise<{ passed: number; failed: number }> {
  const [name, ...args] = command;
  const step = new Deno.Command(name!, { args, stdin: "null", stdout: "piped" }).spawn();
  const [shown, kept] = step.stdout.tee();
  const [text] = await Promise.all([
    new Response(kept).text(),
    shown.pipeTo(Deno.stdout.writable, { preventClose: true }),
  ]);
  const { success } = await step.status;
  const counts = /^(\d+) passed, (\d+) failed$/.exec(text.trimEnd().split("\n").at(-1)!);
  const [passed, failed] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 1)];
  return { passed, failed: success ? failed : Math.max(1, failed) };
}

const filter = Deno.args[0] ?? "";
let passed = 0;
let failed = 0;
for (const [name, command] of Object.entries(STEPS).filter(([name]) => name.includes(filter))) {
  console.log(`\n=== ${name} ===`);
  const start = Date.now();
  const counts = await runStep(command);
  console.log(`(${((Date.now() - start) / 1000).toFixed(0)} s)`);
  passed += counts.passed;
  failed += counts.failed;
}
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) Deno.exit(1);
