/** Builds and packs the package, and installs the tarball in a folder outside this project. */
import root from "../../package.json" with { type: "json" };
import { BINARIES, ENTRIES } from "../../tools/build/entries.ts";
import { succeed } from "../../tools/run.ts";

/** The packed package. */
export interface Artefact {
  readonly tarball: string;
  /** The files in the tarball. */
  readonly files: readonly { readonly path: string; readonly size: number }[];
  readonly unpackedSize: number;
  /** A folder outside the project with the installed tarball, its optional peers and the programs of `consumer/`. */
  readonly consumer: string;
}

/** The entries that a program imports, without commands. */
export const IMPORTABLE: readonly string[] = Object.keys(ENTRIES)
  .filter((entry) => !Object.values(BINARIES).includes(ENTRIES[entry]!));

const { peerDependencies = {}, devDependencies } = root as typeof root & {
  peerDependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
};
/** The optional dependencies of entries. */
export const PEERS: readonly string[] = Object.keys(peerDependencies)
  .map((name) => `${name}@${devDependencies[name]}`);

/** The caller removes `folder`. */
export async function createArtefact(folder: string): Promise<Artefact> {
  await succeed(["deno", "run", "-A", "build_npm.ts", "--with=tsc"]);
  await succeed(["npm", "pack", "--pack-destination", folder], { cwd: "npm" });
  const name = [...Deno.readDirSync(folder)].find(({ name }) => name.endsWith(".tgz"))!.name;
  const tarball = `${folder}/${name}`;
  const consumer = await install(`${folder}/consumer`, [tarball, ...PEERS]);
  for (const { name } of Deno.readDirSync("tests/package/consumer")) {
    Deno.copyFileSync(`tests/package/consumer/${name}`, `${consumer}/${name}`);
  }
  Deno.writeTextFileSync(`${consumer}/entries.mjs`, importEntries());
  const root = `${consumer}/node_modules/@workload-id/entra`;
  const files = listPaths(root).map((path) => ({ path, size: Deno.statSync(`${root}/${path}`).size }));
  return { tarball, consumer, files, unpackedSize: files.reduce((sum, { size }) => sum + size, 0) };
}

/** Makes a folder and installs packages in it. */
export async function install(folder: string, packages: string[]): Promise<string> {
  Deno.mkdirSync(folder);
  Deno.writeTextFileSync(`${folder}/package.json`, JSON.stringify({ private: true, type: "module" }));
  await succeed(["npm", "install", "--prefer-offline", ...packages], { cwd: folder });
  return folder;
}

/** A module that imports every entry by name; with literal names Deno lets it in without a permission. */
export function importEntries(): string {
  const imports = IMPORTABLE.map((entry, index) =>
    `import * as entry${index} from "@workload-id/entra${entry.slice(1)}";\n`
  );
  const names = IMPORTABLE.map((entry, index) => `  "${entry}": entry${index},\n`);
  return `${imports.join("")}\nexport const ENTRIES = {\n${names.join("")}};\n`;
}

function listPaths(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(`${folder}/${below}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? listPaths(folder, `${below}${name}/`) : [`${below}${name}`]
  ).sort();
}
