/**
 * Runs in the sandbox after Stryker has instrumented the sources: on Deno they must not read the variable with the active
 * mutant, because tests start programs that lack the permission. The preloaded file reads it instead.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

for (const name of readdirSync("src", { recursive: true })) {
  if (!name.endsWith(".ts")) continue;
  const source = readFileSync(`src/${name}`, "utf8");
  writeFileSync(`src/${name}`, source.replace("g.process && g.process.env &&", "!g.Deno && $&"));
}
