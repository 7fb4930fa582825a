/** Makes the types of both compilers equal. */
import ts from "typescript";
import { listFiles } from "../run.ts";
import { compiled } from "./entries.ts";

/** A comment about a source file, before its imports or its first documented type. Those of entries have a `@module`. */
const FILE_COMMENT = /^\/\*\*(?:(?!\*\/)[^@])*\*\/\n(?=\/\*\*|import )/;

/** Imports name the `.js` file next to the types, as TypeScript documents. tsc leaves `.ts`, dnt writes `.js`. */
export function finishTypes(folder: string, entries: Readonly<Record<string, string>>): void {
  for (const file of listFiles(folder, ".d.ts")) {
    const text = Deno.readTextFileSync(file);
    // Indented by two spaces, as the JavaScript is: four are 2 kB more.
    const finished = nameJavaScript(text).replace(FILE_COMMENT, "")
      .replace(/^ +/gm, (indent) => indent.slice(indent.length / 2));
    Deno.writeTextFileSync(file, finished);
  }
  prune(folder, entries);
}

function nameJavaScript(text: string): string {
  let named = text;
  for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles.toReversed()) {
    if (!/^\..+\.ts$/.test(fileName)) continue;
    const at = named.indexOf(fileName, pos);
    named = named.slice(0, at) + fileName.replace(/\.ts$/, ".js") + named.slice(at + fileName.length);
  }
  return named;
}

/** Removes the types that no entry's types lead to: they describe code that is bundled. */
function prune(folder: string, entries: Readonly<Record<string, string>>): void {
  const kept = new Set<string>();
  const keep = (file: string) => {
    if (kept.has(file)) return;
    kept.add(file);
    for (const { fileName } of ts.preProcessFile(Deno.readTextFileSync(file), true, true).importedFiles) {
      if (!fileName.startsWith(".")) continue;
      keep(new URL(fileName.replace(/\.js$/, ".d.ts"), `file:///${file}`).pathname.slice(1));
    }
  };
  for (const source of Object.values(entries)) keep(`${folder}/${compiled(source, ".d.ts")}`);
  for (const file of listFiles(folder, ".d.ts")) if (!kept.has(file)) Deno.removeSync(file);
}
