/** The package.json of the npm package: one description, whichever compiler made the files. */
import deno from "../../deno.json" with { type: "json" };
import root from "../../package.json" with { type: "json" };
import { BINARIES, compiled, ENTRIES } from "./entries.ts";

/** The documents in the package. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  "LICENSE",
  "schemas/emulator_config.schema.json",
];

type Json = Record<string, unknown>;

/** Derives name, version, entries and commands from deno.json, and the rest from the package.json of the repository. */
export function createManifest(): Json {
  const { keywords, repository, homepage, bugs, engines, dependencies } = root;
  const { peerDependencies, peerDependenciesMeta } = root as Json;
  const bin = Object.fromEntries(
    Object.entries(BINARIES).map(([name, source]) => [name, `esm/${compiled(source, ".js")}`]),
  );
  return {
    name: deno.name,
    version: deno.version,
    description: deno.description,
    keywords,
    homepage,
    bugs,
    repository,
    license: deno.license,
    type: "module",
    // Only commands have side effects when they are imported.
    sideEffects: Object.values(BINARIES).map((source) => `./esm/${compiled(source, ".js")}`),
    engines,
    files: ["esm", "schemas"],
    exports: {
      ...Object.fromEntries(
        Object.entries(ENTRIES).map(([entry, source]) => [entry, {
          types: `./esm/${compiled(source, ".d.ts")}`,
          default: `./esm/${compiled(source, ".js")}`,
        }]),
      ),
      "./package.json": "./package.json",
    },
    ...(Object.keys(bin).length > 0 && { bin }),
    // Tested with the one version that the lock file holds; a range lets an application share its own copy.
    dependencies: Object.fromEntries(
      Object.entries(dependencies).map(([name, version]) => [name, `^${version}`]),
    ),
    ...(peerDependencies !== undefined && { peerDependencies }),
    ...(peerDependenciesMeta !== undefined && { peerDependenciesMeta }),
  };
}
