/**
 * Runs in the sandbox after Stryker has instrumented the sources. They read the active mutant from a variable, for which
 * programs that tests start on Deno may lack the permission; such a program runs without a mutant.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const READ = "g.process && g.process.env && g.process.env.__STRYKER_ACTIVE_MUTANT__";

for (const name of readdirSync("src", { recursive: true })) {
  if (!name.endsWith(".ts")) continue;
  const source = readFileSync(`src/${name}`, "utf8");
  writeFileSync(`src/${name}`, source.replace(READ, `(() => { try { return ${READ}; } catch {} })()`));
}
