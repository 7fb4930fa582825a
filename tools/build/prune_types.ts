/** Leaves only the types that an entry's own types lead to: the others describe code that is bundled away. */
import ts from "typescript";
import { listFiles } from "../run.ts";
import { compiled } from "./entries.ts";

/** Removes the other `.d.ts` files below a folder. */
export function pruneTypes(folder: string, entries: Readonly<Record<string, string>>): void {
  const kept = new Set<string>();
  const keep = (file: string) => {
    if (kept.has(file)) return;
    kept.add(file);
    const { importedFiles } = ts.preProcessFile(Deno.readTextFileSync(file), true, true);
    for (const { fileName } of importedFiles.filter(({ fileName }) => fileName.startsWith("."))) {
      const { pathname } = new URL(fileName.replace(/\.[jt]s$/, ".d.ts"), `file:///${file}`);
      keep(pathname.slice(1));
    }
  };
  for (const source of Object.values(entries)) keep(`${folder}/${compiled(source, ".d.ts")}`);
  for (const file of listFiles(folder, ".d.ts")) if (!kept.has(file)) Deno.removeSync(file);
}
