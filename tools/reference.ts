/** `npm run docs`: the reference of the API as HTML, in the folder `reference`. */
import { BINARIES, ENTRIES } from "./build/entries.ts";
import { run } from "./run.ts";

const OUT = "reference";
const sources = Object.values(ENTRIES).filter((source) => !Object.values(BINARIES).includes(source));
const command = ["deno", "doc", "--html", "--name=@workload-id/entra", `--output=${OUT}`, ...sources];
const { success, output } = await run(command);
console.log(output.trimEnd());
if (!success) Deno.exit(1);
console.log(`open ${OUT}/index.html`);
