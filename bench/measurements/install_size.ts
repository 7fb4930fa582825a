/** The packages that `npm install` of one candidate puts on the disk. */
import type { Bench } from "../measurement.ts";
import type { Row, Unit } from "../row.ts";

const PACKAGES: Record<string, string> = {
  ours: "@workload-id/entra",
  azure_identity: "@azure/identity",
  msal_node: "@azure/msal-node",
};

export async function* installSize({ sandbox }: Bench): AsyncGenerator<Row> {
  for (const [candidate, name] of Object.entries(PACKAGES)) {
    const own = await find(name, sandbox.folder);
    const all = [...await closure(own)];
    const sizes = all.map(measureFolder);
    const row = (figure: string, unit: Unit, value: number): Row => ({
      figure,
      unit,
      runtime: "",
      candidate,
      value,
    });
    yield row("packages installed", "", all.length);
    yield row("files installed", "", sum(sizes.map(({ files }) => files)));
    yield row("installed, with all dependencies", "kB", sum(sizes.map(({ bytes }) => bytes)) / 1000);
    yield row("unpacked size of the package itself", "kB", measureFolder(own).bytes / 1000);
  }
}

/** Returns the folder of a package as Node finds it from another folder. */
async function find(name: string, from: string): Promise<string> {
  for (let folder = from; folder !== ""; folder = folder.slice(0, folder.lastIndexOf("/"))) {
    const found = await Deno.realPath(`${folder}/node_modules/${name}`).catch(() => undefined);
    if (found) return found;
  }
  throw new Error(`${name} is not installed`);
}

async function closure(folder: string, seen: Set<string> = new Set()): Promise<Set<string>> {
  if (seen.has(folder)) return seen;
  seen.add(folder);
  const { dependencies = {} } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  for (const name of Object.keys(dependencies)) {
    await closure(await find(name, folder), seen);
  }
  return seen;
}

/** Measures a folder without the packages inside, which are counted by themselves. */
function measureFolder(folder: string): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (name === "node_modules") continue;
    const inner = isDirectory ? measureFolder(`${folder}/${name}`) : undefined;
    files += inner?.files ?? 1;
    bytes += inner?.bytes ?? Deno.statSync(`${folder}/${name}`).size;
  }
  return { files, bytes };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
