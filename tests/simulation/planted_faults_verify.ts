/**
 * Plants each fault in a copy of the core, one at a time, and runs the simulation on it. A fault is caught when a seed
 * fails by the invariant that the fault has to break.
 */
import { test } from "node:test";
import { run } from "../../tools/run.ts";
import { PLANTED_FAULTS, type PlantedFault } from "./planted_faults.ts";

const SEEDS = 5000;
const FOLDER = ".tmp/planted_faults";

function apply({ file, from, to }: PlantedFault, folder: string): void {
  const text = Deno.readTextFileSync(file);
  if (text.split(from).length !== 2) throw new Error(`${file} does not contain this exactly once: ${from}`);
  Deno.writeTextFileSync(`${folder}/${file}`, text.replace(from, () => to));
}

async function catchFault(fault: PlantedFault, number: number): Promise<void> {
  const folder = `${FOLDER}/${number}`;
  Deno.mkdirSync(folder, { recursive: true });
  try {
    for (const part of ["src/core", "src/testing", "tests/simulation"]) await copy(part, `${folder}/${part}`);
    apply(fault, folder);
    const command = ["bun", "tests/simulation/simulate.ts", "--brief", "--seeds", String(SEEDS)];
    const { success, output } = await run(command, { cwd: folder });
    if (success) throw new Error(`${SEEDS} seeds did not notice it`);
    const violation = /breaks "([^"]+)"/.exec(output)?.[1] ?? "";
    if (violation !== fault.breaks) throw new Error(`it broke "${violation}": ${output.slice(0, 500)}`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

for (const [number, fault] of PLANTED_FAULTS.entries()) {
  test(`${fault.breaks}: ${fault.what}`, () => catchFault(fault, number));
}
