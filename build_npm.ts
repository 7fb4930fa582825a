/**
 * Builds the npm package into `npm/`.
 *
 * `deno run -A build_npm.ts` compiles with dnt, the release builder, which is available only on JSR. `--with=tsc`
 * compiles with the installed TypeScript instead, for tests and CI. All further steps are the same for both.
 */
import { bundleEntries } from "./tools/build/bundle_entries.ts";
import { BINARIES, ENTRIES } from "./tools/build/entries.ts";
import { createManifest, DOCUMENTS } from "./tools/build/manifest.ts";
import { findFaults } from "./tools/build/find_faults.ts";
import { finishTypes } from "./tools/build/finish_types.ts";
import { readBuild } from "./tools/build/read_build.ts";

const OUT = "npm";
const BUILDERS: Record<string, () => Promise<{ compile(outDir: string): void | Promise<void> }>> = {
  dnt: () => import("./tools/build/compile_with_dnt.ts"),
  tsc: () => import("./tools/build/compile_with_tsc.ts"),
};

const [flag = "--with=dnt", ...rest] = Deno.args;
const load = BUILDERS[/^--with=(\w+)$/.exec(flag)?.[1] ?? ""];
if (!load || rest.length > 0) {
  console.error(`usage: deno run -A build_npm.ts [--with=${Object.keys(BUILDERS).join("|")}]`);
  Deno.exit(2);
}

Deno.chdir(import.meta.dirname!);
await Deno.remove(OUT, { recursive: true }).catch((error) => {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
});
const { compile } = await load();
await compile(OUT);
const files = await bundleEntries(`${OUT}/esm`, ENTRIES, BINARIES);
finishTypes(`${OUT}/esm`, ENTRIES);
Deno.writeTextFileSync(`${OUT}/package.json`, JSON.stringify(createManifest(), null, 2) + "\n");
Deno.mkdirSync(`${OUT}/schemas`);
for (const document of DOCUMENTS) {
  const text = Deno.readTextFileSync(document);
  // Half of a schema's size is indentation.
  Deno.writeTextFileSync(
    `${OUT}/${document}`,
    document.endsWith(".json") ? JSON.stringify(JSON.parse(text)) : text,
  );
}
const faults = findFaults(readBuild(OUT));
for (const fault of faults) console.error(fault);
if (faults.length > 0) Deno.exit(1);
console.log(`${OUT}/: ${Object.keys(ENTRIES).length} entries in ${files} files of JavaScript`);
