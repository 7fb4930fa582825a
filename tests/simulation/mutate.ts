/**
 * `npm run mutate`: puts each deliberate fault into a copy of the core, one at a time, and runs the simulation on it.
 * A fault is caught when a seed fails by one of the invariants that it was meant to break. One that no seed can notice
 * is listed with the reason, and has to stay unnoticed: else the reason is wrong.
 */
import { check, conclude } from "../../tools/verify/checks.ts";
import { run } from "../../tools/run.ts";
import { type Mutation, MUTATIONS } from "./mutations.ts";

const SEEDS = 3000;
const SEEDS_FOR_SURVIVORS = 300;
const FOLDER = ".tmp/mutants";

function apply({ file, from, to }: Mutation, folder: string): void {
  const text = Deno.readTextFileSync(file);
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold this exactly once: ${from}`);
  Deno.writeTextFileSync(`${folder}/${file}`, text.replace(from, () => to));
}

async function catchMutation(mutation: Mutation, number: number): Promise<void> {
  const folder = `${FOLDER}/${number}`;
  Deno.mkdirSync(folder, { recursive: true });
  try {
    for (const part of ["src/core", "src/testing", "tests/simulation"]) await copy(part, `${folder}/${part}`);
    apply(mutation, folder);
    const { survivesBecause, breaks } = mutation;
    const seeds = survivesBecause ? SEEDS_FOR_SURVIVORS : SEEDS;
    const command = ["bun", "tests/simulation/simulate.ts", "--brief", "--seeds", String(seeds)];
    const { success, output } = await run(command, { cwd: folder });
    if (survivesBecause) {
      if (!success) throw new Error(`it was noticed: ${output.slice(0, 500)}`);
      return;
    }
    if (success) throw new Error(`${SEEDS} seeds did not notice it`);
    const violation = /breaks "([^"]+)"/.exec(output)?.[1] ?? "";
    if (!breaks.includes(violation)) throw new Error(`it broke "${violation}": ${output.slice(0, 500)}`);
    caught++;
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

let caught = 0;
const filter = Deno.args[0] ?? "";
const chosen = [...MUTATIONS.entries()].filter(([, { what }]) => what.includes(filter));
for (const [number, mutation] of chosen) {
  const { breaks, what, survivesBecause } = mutation;
  const name = survivesBecause ? `not caught, for ${survivesBecause}: ${what}` : `${breaks[0]}: ${what}`;
  await check(name, () => catchMutation(mutation, number));
}
console.log(`${caught} of ${chosen.length} mutations are caught`);
conclude();
