/** The release builder, dnt. It is on JSR only, so it is fetched when `compile` is called. */
import deno from "../../deno.json" with { type: "json" };
import { ENTRIES } from "./entries.ts";

/** Compiles each source to JavaScript and its types. */
export async function compile(outDir: string): Promise<void> {
  const { build } = await load();
  await build({
    // Commands are ordinary entries here: the bundler adds their first line.
    entryPoints: Object.entries(ENTRIES).map(([name, path]) => ({ name, path: `./${path}` })),
    outDir: `./${outDir}`,
    configFile: "deno.json",
    package: { name: deno.name, version: deno.version },
    // Both would add files and global types to every entry, and the oldest supported Node does not need them.
    shims: {},
    polyfills: false,
    scriptModule: false,
    declaration: "inline",
    declarationMap: false,
    compilerOptions: { target: "ES2022", lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"] },
    // `npm test` has checked the same sources; a check here would need the types of three runtimes again.
    typeCheck: false,
    test: false,
    skipNpmInstall: true,
    skipSourceOutput: true,
  });
  // The package's own manifest says that it consists of ES modules, and which files it has.
  Deno.removeSync(`${outDir}/esm/package.json`);
  Deno.removeSync(`${outDir}/.npmignore`);
}

/** Not a literal in `import()`: Deno would fetch it for every check and build, and wait long where JSR is out of reach. */
const DNT = "@deno/dnt";

async function load() {
  try {
    return await import(DNT);
  } catch (cause) {
    throw new Error(
      "dnt cannot be loaded from JSR. Where JSR is out of reach, build with the installed TypeScript: --with=tsc",
      { cause },
    );
  }
}
