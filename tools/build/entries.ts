/** The entries and commands of the package, from deno.json. */
import deno from "../../deno.json" with { type: "json" };

/** The source file of each entry, `.` and `./deno` and so on. */
export const ENTRIES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(deno.exports).map(([entry, source]) => [entry, source.replace(/^\.\//, "")]),
);

/** The source file of each command. */
export const BINARIES: Readonly<Record<string, string>> = ENTRIES["./cli"]
  ? { "workload-id": ENTRIES["./cli"] }
  : {};

/** Returns the path of a source file below the folder of compiled files. */
export function compiled(source: string, ending: ".js" | ".d.ts" | ""): string {
  return source.replace(/\.ts$/, ending);
}
