/** Writes a Markdown page with measured text, formatted by `deno fmt`. */
import { succeed } from "./run.ts";

export async function writePage(path: string, text: string): Promise<void> {
  Deno.writeTextFileSync(path, text);
  await succeed(["deno", "fmt", "--quiet", path]);
}
