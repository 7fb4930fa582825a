/** The runtimes on which the candidates are measured. */
import { run } from "../tools/run.ts";

export interface Runtime {
  /** `Deno`, `Bun`, `Node 20` or `Node 24`, as in tables and budgets. */
  readonly name: string;
  readonly version: string;
  /** Selects how the baselines read files and variables. */
  readonly condition: "deno" | "bun" | "node";
  /** The command before the script. */
  readonly command: string[];
  /** The same, with a garbage collector that scripts can call. */
  readonly withGc: string[];
  /** The same, with a garbage collector that runs only when it is called. */
  readonly withManualGc: string[];
}

const NODE_24 = "bench/node24/node_modules/.bin/node";
/** A young generation of 64 MB is not collected before it is full. */
const MANUAL_GC = ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"];

/** Finds the binaries themselves, not their launchers, because the start of a process is measured. */
export async function findRuntimes(): Promise<Runtime[]> {
  const deno = Deno.execPath();
  const bun = await evaluate("bun", "process.execPath");
  return [
    {
      name: "Deno",
      version: Deno.version.deno,
      condition: "deno",
      command: [deno, "run", "-A"],
      withGc: [deno, "run", "-A", "--v8-flags=--expose-gc"],
      withManualGc: [deno, "run", "-A", `--v8-flags=${MANUAL_GC.join()}`],
    },
    {
      name: "Bun",
      version: await evaluate(bun, "Bun.version"),
      condition: "bun",
      command: [bun],
      withGc: [bun],
      withManualGc: ["env", "BUN_JSC_useGC=0", bun],
    },
    await findNode("node"),
    await findNode(NODE_24),
  ];
}

async function findNode(name: string): Promise<Runtime> {
  const node = await evaluate(name, "process.execPath");
  const version = (await evaluate(node, "process.version")).slice(1);
  return {
    name: `Node ${version.split(".")[0]}`,
    version,
    condition: "node",
    command: [node],
    withGc: [node, "--expose-gc"],
    withManualGc: [node, ...MANUAL_GC],
  };
}

async function evaluate(command: string, expression: string): Promise<string> {
  const { success, output } = await run([command, "-p", expression]);
  if (!success) throw new Error(`${command} does not run: ${output}`);
  return output.trim();
}
