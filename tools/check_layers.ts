/** Checks the imports of the sources by the rules in tools/layers.ts. */
import { findProblems } from "./layers.ts";
import { listFiles } from "./run.ts";

const files = ["mod.ts", ...listFiles("src", ".ts")];
const problems = findProblems(new Map(files.map((file) => [file, Deno.readTextFileSync(file)])));
for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} problems`);
if (problems.length > 0) Deno.exit(1);
