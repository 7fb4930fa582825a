/**
 * `deno run -A tools/compare_builds.ts npm_tsc npm`: compares two builds of the package. Exits with 1 if they differ in
 * their files, their manifests, their declarations, or the names that their entries export.
 */
import { findDifferences } from "./build/find_differences.ts";
import { readBuild } from "./build/read_build.ts";

const [one, other] = Deno.args;
if (!one || !other) {
  console.error("usage: deno run -A tools/compare_builds.ts FOLDER FOLDER");
  Deno.exit(2);
}
const differences = findDifferences(readBuild(one), readBuild(other));
for (const difference of differences) console.error(difference);
if (differences.length > 0) Deno.exit(1);
console.log(`${one} and ${other} have the same files, manifests, declarations and exports`);
