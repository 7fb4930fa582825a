/** Turns compiled modules into one readable file per entry and the chunks they share: few files load fast. */
import { build, type Metafile, stop } from "esbuild";
import { isBuiltin } from "node:module";
import root from "../../package.json" with { type: "json" };
import { listFiles } from "../run.ts";
import { compiled } from "./entries.ts";

/** Replaces the JavaScript below a folder by its bundles and leaves the types as they are. Returns how many files. */
export async function bundleEntries(
  folder: string,
  entries: Readonly<Record<string, string>>,
  binaries: Readonly<Record<string, string>>,
): Promise<number> {
  const sources = Object.values(entries).map((source) => compiled(source, ".js"));
  const { outputFiles, metafile } = await build({
    absWorkingDir: Deno.realPathSync(folder),
    entryPoints: sources,
    outdir: ".",
    outbase: ".",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    packages: "external",
    charset: "utf8",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  await stop();
  checkExternals(metafile);

  for (const file of listFiles(folder, ".js")) Deno.removeSync(file);
  const commands = Object.values(binaries).map((source) => `/${compiled(source, ".js")}`);
  for (const { path, text } of outputFiles) {
    const isCommand = commands.some((command) => path.endsWith(command));
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, (isCommand ? "#!/usr/bin/env node\n" : "") + finish(text));
    if (isCommand) Deno.chmodSync(path, 0o755);
  }
  return outputFiles.length;
}

/** What is not bundled must be there when the package is installed. */
function checkExternals({ outputs }: Metafile): void {
  const { dependencies, peerDependencies = {} } = root as typeof root & { peerDependencies?: object };
  const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  for (const { imports } of Object.values(outputs)) {
    for (const { path, external } of imports) {
      const name = path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/");
      if (external && !isBuiltin(path) && !declared.includes(name)) {
        throw new Error(`${path} is imported, and ${name} is no dependency of the package`);
      }
    }
  }
}

/**
 * esbuild makes variables of classes: one that speaks of itself is called `_Name`, and one whose name is taken in its
 * file `Name2`. Users see the name when they print an instance, so each gets its own back.
 */
function finish(text: string): string {
  return text.replace(/^#!.*\n/, "").replace(
    /^var (\w+) = class(?: _(\w+))?(?: extends [\w.]+)? \{$/gm,
    (head: string, variable: string, inner: string | undefined) => {
      const plain = variable.replace(/\d+$/, "");
      const name = inner ?? (new RegExp(`\\b${plain}\\b`).test(text) ? plain : variable);
      return inner || name !== variable
        ? `${head}\n  static {\n    Object.defineProperty(this, "name", { value: "${name}" });\n  }`
        : head;
    },
  );
}
