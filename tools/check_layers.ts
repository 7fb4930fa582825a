/** Keeps the direction of imports: who may import whom, and no cycle, type-only ones included. */
import ts from "typescript";
import { listFiles } from "./run.ts";

/** A file may import from its own layer and from those named. The first prefix that fits counts. */
const LAYERS: [prefix: string, mayImport: string[]][] = [
  ["src/core/", []],
  ["src/runtime/", ["src/core/"]],
  ["src/testing/", ["src/core/"]],
  ["src/fetch/", ["src/core/"]],
  ["src/opentelemetry/", ["src/core/"]],
  ["src/assertions/", ["src/core/"]],
  ["src/cli/", ["src/core/", "src/runtime/", "src/testing/"]],
  ["mod.ts", ["src/core/", "src/runtime/"]],
];
/** Files of the core that only declare types import nothing that runs. */
const TYPES_ONLY = [
  "src/core/contract/runtime.ts",
  "src/core/contract/options.ts",
  "src/core/contract/token_credential.ts",
];
/** Runtimes never import each other; only the file that picks one knows them all. */
const RUNTIMES = ["src/runtime/deno.ts", "src/runtime/bun.ts", "src/runtime/node.ts"];

const problems: string[] = [];
const graph = new Map<string, string[]>();

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function layerOf(file: string): [string, string[]] {
  const layer = LAYERS.find(([prefix]) => file.startsWith(prefix));
  if (!layer) throw new Error(`${file} is in no layer: name one in tools/check_layers.ts`);
  return layer;
}

for (const file of ["mod.ts", ...listFiles("src", ".ts")]) {
  const text = Deno.readTextFileSync(file);
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const local = imports.filter((specifier) => specifier.startsWith(".")).map((specifier) =>
    resolve(file, specifier)
  );
  graph.set(file, local);
  const [prefix, mayImport] = layerOf(file);
  for (const target of local) {
    const allowed = [prefix, ...mayImport].some((layer) => target.startsWith(layer));
    if (!allowed) problems.push(`${file} may not import ${target}`);
    if (RUNTIMES.includes(file) && RUNTIMES.includes(target)) {
      problems.push(`${file} imports another runtime: ${target}`);
    }
  }
  if (prefix === "src/core/") {
    for (const specifier of imports) {
      if (!/^(\.|jose(\/|$))/.test(specifier)) problems.push(`${file} may not import ${specifier}`);
    }
  }
  if (TYPES_ONLY.includes(file) && /^import (?!type\b)/m.test(text)) {
    problems.push(`${file} imports more than types`);
  }
}

function findCycle(file: string, path: string[]): string[] | undefined {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  for (const target of graph.get(file) ?? []) {
    const cycle = findCycle(target, [...path, file]);
    if (cycle) return cycle;
  }
}

const cycles = new Set([...graph.keys()].flatMap((file) => findCycle(file, [])?.join(" -> ") ?? []));
for (const cycle of cycles) problems.push(`cycle: ${cycle}`);

for (const problem of problems) console.error(problem);
console.log(`${graph.size} files, ${problems.length} problems`);
if (problems.length > 0) Deno.exit(1);
