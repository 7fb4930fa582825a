/** Checks that package.json agrees with deno.json, the source of the version, and with itself. */
import deno from "../deno.json" with { type: "json" };
import npm from "../package.json" with { type: "json" };
import { VERSION } from "../src/cli/support/version.ts";

const problems: string[] = [];

function equal(what: string, left: unknown, right: unknown): void {
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)];
  if (a !== b) problems.push(`${what}: deno.json has ${a}, package.json has ${b}`);
}

function sorted(entries: (readonly [string, unknown] | unknown[])[]): unknown {
  return entries.toSorted(([a], [b]) => String(a).localeCompare(String(b)));
}

if (VERSION !== deno.version) problems.push(`src/cli/support/version.ts has to say ${deno.version}`);
equal("name", deno.name, npm.name);
equal("description", deno.description, npm.description);
equal("license", deno.license, npm.license);
equal("exports", deno.exports, npm.exports);

const imports = Object.entries(deno.imports as Record<string, string>)
  .map(([name, target]) => [name, /^npm:\/?(?:@[^/]+\/)?[^@]+@([^/]+)/.exec(target)?.[1]] as const)
  .filter(([name, version]) => version !== undefined && !name.endsWith("/"));
// An optional peer is tried with the version among the devDependencies.
const { peerDependencies = {}, devDependencies } = npm as typeof npm & {
  peerDependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
};
const peers = Object.keys(peerDependencies).map((name) => [name, devDependencies[name]]);
equal(
  "runtime dependencies and peers",
  sorted(imports),
  sorted([...Object.entries(npm.dependencies), ...peers]),
);

const loose = Object.entries({ ...npm.dependencies, ...npm.devDependencies })
  .filter(([, version]) => !/^(\d+\.\d+\.\d+|~6\.0\.\d+)$/.test(version));
for (const [name, version] of loose) problems.push(`${name} is not pinned: ${version}`);

for (const problem of problems) console.error(problem);
if (problems.length > 0) Deno.exit(1);
