/** The runtimes that the contenders run on. */
import { run } from "../tools/run.ts";

export interface Runtime {
  /** `Deno`, `Bun`, `Node 20`, `Node 24`: what tables and bounds say. */
  readonly name: string;
  readonly version: string;
  /** Picks the floors' way to a file and a variable. */
  readonly condition: "deno" | "bun" | "node";
  /** The command before the script. */
  readonly command: string[];
  /** The same, where a script can call the garbage collector. */
  readonly collecting: string[];
  /** The same, where garbage lies until it is called. */
  readonly hoarding: string[];
  /** The same, where each collection is told in a line. */
  readonly tracing: string[];
}

const NODE_24 = "bench/node24/node_modules/.bin/node";
/** A young generation of 64 MB is not collected before it is full. */
const HOARD = ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"];

/** Real binaries, never a launcher: their start is measured. */
export async function findRuntimes(): Promise<Runtime[]> {
  const deno = Deno.execPath();
  const bun = await ask("bun", "process.execPath");
  return [
    {
      name: "Deno",
      version: Deno.version.deno,
      condition: "deno",
      command: [deno, "run", "-A"],
      collecting: [deno, "run", "-A", "--v8-flags=--expose-gc"],
      hoarding: [deno, "run", "-A", `--v8-flags=${HOARD.join()}`],
      tracing: [deno, "run", "-A", "--v8-flags=--trace-gc"],
    },
    {
      name: "Bun",
      version: await ask(bun, "Bun.version"),
      condition: "bun",
      command: [bun],
      collecting: [bun],
      hoarding: ["env", "BUN_JSC_useGC=0", bun],
      tracing: ["env", "BUN_JSC_logGC=1", bun],
    },
    await findNode("node"),
    await findNode(NODE_24),
  ];
}

async function findNode(name: string): Promise<Runtime> {
  const node = await ask(name, "process.execPath");
  const version = (await ask(node, "process.version")).slice(1);
  return {
    name: `Node ${version.split(".")[0]}`,
    version,
    condition: "node",
    command: [node],
    collecting: [node, "--expose-gc"],
    hoarding: [node, ...HOARD],
    tracing: [node, "--trace-gc"],
  };
}

async function ask(command: string, expression: string): Promise<string> {
  const { success, output } = await run([command, "-p", expression]);
  if (!success) throw new Error(`${command} does not run: ${output}`);
  return output.trim();
}
