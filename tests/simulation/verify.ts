/** The step of `npm run verify`: 2,000 seeds on each runtime, which must all have the same histories. */
import { check, conclude, succeed } from "../../tools/verify/checks.ts";

const SEEDS = 2000;
const RUNTIMES: Record<string, string[]> = {
  Deno: ["deno", "run", "-A"],
  Bun: ["bun"],
  Node: ["node", "--import=./tools/node_typescript/register.mjs", "--no-warnings"],
};

const digests = new Map<string, string>();
await Promise.all(
  Object.entries(RUNTIMES).map(([runtime, command]) =>
    check(`${SEEDS} seeds keep every invariant on ${runtime}`, async () => {
      const printed = await succeed([...command, "tests/simulation/simulate.ts", "--seeds", String(SEEDS)]);
      const summary = printed.trimEnd().split("\n").at(-2)!;
      console.log(`${runtime}: ${summary}`);
      digests.set(runtime, /digest (\w+)$/.exec(summary)![1]!);
    })
  ),
);
await check("one seed, one history, on all three runtimes", () => {
  if (digests.size !== 3 || new Set(digests.values()).size !== 1) {
    throw new Error(`digests differ: ${JSON.stringify([...digests])}`);
  }
});
conclude();
