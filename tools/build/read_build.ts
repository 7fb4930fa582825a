import { listFiles } from "../run.ts";
import type { Build } from "./find_differences.ts";

/** Reads every file below a folder. */
export function readBuild(folder: string): Build {
  return new Map(
    listFiles(folder, "").map((file) => [file.slice(folder.length + 1), Deno.readTextFileSync(file)]),
  );
}
