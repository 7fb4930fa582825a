/** Turns compiled modules into one readable file per entry and the few that they share: few files load fast. */
import { isBuiltin } from "node:module";
import * as esbuild from "esbuild";
import { type GetManualChunk, type OutputChunk, rollup } from "rollup";
import ts from "typescript";
import root from "../../package.json" with { type: "json" };
import { listFiles } from "../run.ts";
import { compiled, ENTRIES } from "./entries.ts";

/** Bundled files, each with everything that its source imports statically. Shared modules are in the first of them. */
const TOGETHER: Readonly<Record<string, string[]>> = {
  credential: [ENTRIES["."]!],
  // Sources of assertions need it too, and must not load the diagnosis.
  clouds: ["src/core/settings/clouds.ts"],
  diagnosis: ["src/core/diagnosis/mod.ts"],
};

/** Replaces the JavaScript below a folder with bundles, without changing the types. Returns the number of files. */
export async function bundleEntries(
  folder: string,
  entries: Readonly<Record<string, string>>,
  binaries: Readonly<Record<string, string>>,
): Promise<number> {
  const absolute = Deno.realPathSync(folder);
  const path = (source: string) => `${absolute}/${compiled(source, ".js")}`;
  const bundle = await rollup({
    input: Object.fromEntries(Object.values(entries).map((source) => [compiled(source, ""), path(source)])),
    plugins: [{ name: "without-comments", transform: withoutComments }],
    external: (specifier) => !/^[./]/.test(specifier),
    // Without this, a file would also import unused modules for their side effects.
    treeshake: { moduleSideEffects: "no-external" },
    onLog(_, { message }) {
      throw new Error(message);
    },
  });
  const { output } = await bundle.generate({
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    hoistTransitiveImports: false,
    manualChunks: keepTogether(path),
  });
  const chunks = output.filter((file) => file.type === "chunk");
  checkExternals(chunks);

  for (const file of listFiles(folder, ".js")) Deno.removeSync(file);
  const commands = Object.values(binaries).map((source) => compiled(source, ".js"));
  for (const { fileName, code } of chunks) {
    const isCommand = commands.includes(fileName);
    const target = `${absolute}/${fileName}`;
    const text = (isCommand ? "#!/usr/bin/env node\n" : "") + code;
    Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(target, text);
    if (isCommand) Deno.chmodSync(target, 0o755);
  }
  return chunks.length;
}

/** Removes comments: types and sources have them, and they would be a third of what every start reads. */
async function withoutComments(code: string): Promise<string> {
  const { outputText } = ts.transpileModule(code.replace(/^#!.*\n/, ""), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
  });
  // TypeScript indents by four spaces, as much again as the comments.
  return (await esbuild.transform(outputText, { format: "esm", target: "es2022", charset: "utf8" })).code;
}

/**
 * Assigns each module to a file, even if several entries share it. By default, bundlers make a file for each set of entries
 * that share modules, and every file makes each start slower.
 */
function keepTogether(path: (source: string) => string): GetManualChunk {
  const files = new Map<string, string>();
  return (module, { getModuleInfo }) => {
    const follow = (id: string, file: string) => {
      for (const next of getModuleInfo(id)?.importedIds ?? []) {
        if (!next.startsWith("/") || files.has(next)) continue;
        files.set(next, file);
        follow(next, file);
      }
    };
    if (files.size === 0) {
      for (const [file, sources] of Object.entries(TOGETHER)) {
        for (const id of sources.map(path)) {
          // An entry keeps its own file, because other files need other exports of it.
          if (!getModuleInfo(id)!.isEntry) files.set(id, file);
          follow(id, file);
        }
      }
    }
    return files.get(module);
  };
}

/** Checks that every module outside the bundles is a dependency, so that it is installed with the package. */
function checkExternals(chunks: readonly OutputChunk[]): void {
  const { dependencies, peerDependencies = {} } = root as typeof root & { peerDependencies?: object };
  const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  const files = chunks.map(({ fileName }) => fileName);
  for (const path of chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])) {
    const name = path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/");
    if (!files.includes(path) && !isBuiltin(path) && !declared.includes(name)) {
      throw new Error(`${path} is imported, and ${name} is not a dependency of the package`);
    }
  }
}
