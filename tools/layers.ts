/** The import rules of docs/architecture.md, as data and as one function. */
import ts from "typescript";

/** A file may import from its own layer and from those named. The first prefix that fits counts. */
const LAYERS: readonly [prefix: string, mayImport: readonly string[]][] = [
  ["src/core/", []],
  ["src/runtime/", ["src/core/"]],
  ["src/testing/", ["src/core/"]],
  ["src/fetch/", ["src/core/"]],
  ["src/opentelemetry/", ["src/core/"]],
  ["src/assertions/", ["src/core/", "src/runtime/detect.ts"]],
  ["src/cli/", ["src/core/", "src/runtime/", "src/testing/"]],
  ["mod.ts", ["src/core/", "src/runtime/"]],
];
/** The steps of the core. A file may import from its own step and from those before it. */
const STEPS: readonly (readonly string[])[] = [
  ["contract/"],
  [
    "clock.ts",
    "exchange_limiter.ts",
    "failure.ts",
    "file_reads.ts",
    "isolate.ts",
    "json.ts",
    "linked_list.ts",
    "redaction.ts",
  ],
  ["settings/"],
  ["failure/"],
  ["identity_binding/"],
  ["acquisition/", "call_shortcuts.ts", "token_cache.ts"],
  ["credential.ts"],
  ["bearer_token_provider.ts", "exports.ts", "mod.ts"],
];
const DIAGNOSIS = "src/core/diagnosis/";
/** The steps that the diagnosis must not import. */
const AFTER_DIAGNOSIS = STEPS.slice(5).flat();
/** The only modules that the core and the runtimes may import with `import()`. */
const LOADED_LATE = [`${DIAGNOSIS}mod.ts`, "src/core/settings/log.ts"];
/** Files that only declare types import only types. */
const TYPES_ONLY = ["runtime.ts", "options.ts", "token_credential.ts"].map((name) =>
  `src/core/contract/${name}`
);
/** Runtimes never import each other; only the file that picks one imports all of them. */
const RUNTIMES = ["src/runtime/deno.ts", "src/runtime/bun.ts", "src/runtime/node.ts"];
const MOST_FILES = 16;
const MOST_LEVELS = 8;

interface Import {
  /** A path from the root of the repository, or the name of a package. */
  readonly target: string;
  readonly kind: "value" | "type" | "dynamic";
}

/**
 * Finds violations of the rules.
 *
 * @param sources the text of each file by its path, such as `src/core/mod.ts`
 * @returns a sentence for each problem
 */
export function findProblems(sources: ReadonlyMap<string, string>): string[] {
  const graph = new Map([...sources].map(([file, text]) => [file, listImports(file, text)]));
  return [
    ...[...graph].flatMap(([file, imports]) => imports.flatMap((found) => judge(file, found))),
    ...findCrowdedFolders([...graph.keys()]),
    ...findCycles(graph),
    ...findDeepFiles(graph),
  ];
}

function listImports(file: string, text: string): Import[] {
  const imports: Import[] = [];
  const add = (specifier: ts.Node, kind: Import["kind"]) => {
    const name = ts.isStringLiteralLike(specifier) ? specifier.text : "an expression";
    const target = name.startsWith(".") ? new URL(name, `file:///${file}`).pathname.slice(1) : name;
    imports.push({ target, kind });
  };
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.isTypeOnly ? "type" : "value");
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node.moduleSpecifier, node.isTypeOnly ? "type" : "value");
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]!, "dynamic");
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext));
  return imports;
}

function judge(file: string, { target, kind }: Import): string[] {
  const problems: string[] = [];
  const isLocal = target.startsWith("src/") || target === "mod.ts";
  const layer = LAYERS.find(([prefix]) => file.startsWith(prefix));
  if (!layer) return [`${file} is in no layer: add one to tools/layers.ts`];
  const [prefix, mayImport] = layer;
  if (isLocal && ![prefix, ...mayImport].some((allowed) => target.startsWith(allowed))) {
    problems.push(`${file} may not import ${target}: it is in another layer`);
  }
  if (RUNTIMES.includes(file) && RUNTIMES.includes(target)) {
    problems.push(`${file} may not import ${target}: runtimes do not know each other`);
  }
  if (TYPES_ONLY.includes(file) && kind !== "type") {
    problems.push(`${file} may only import types, not ${target}`);
  }
  const isEarly = ["src/core/", "src/runtime/", "mod.ts"].includes(prefix);
  if (isEarly && kind === "dynamic" && !LOADED_LATE.includes(target)) {
    problems.push(`${file} may not import ${target} late: what a call needs is imported statically`);
  }
  if (isEarly && kind === "value" && isPackage(target, "jose") && !file.startsWith(DIAGNOSIS)) {
    problems.push(`${file} may not import ${target} statically: only the diagnosis needs it`);
  }
  if (prefix === "src/runtime/" && kind === "value" && target.startsWith("node:")) {
    problems.push(`${file} may not import ${target} statically: getBuiltinModule leaves it out on Deno`);
  }
  if (isPackage(target, "@workload-id/entra")) {
    problems.push(
      `${file} may not import ${target}: a file of the package imports its others by their paths`,
    );
  }
  if (prefix !== "src/core/") return problems;
  if (!isLocal && kind !== "dynamic" && !isPackage(target, "jose")) {
    problems.push(`${file} may not import ${target}: the core imports only itself and jose`);
  }
  return [...problems, ...judgeStep(file, target, kind)];
}

function judgeStep(file: string, target: string, kind: Import["kind"]): string[] {
  if (!target.startsWith("src/core/")) return [];
  if (file.startsWith(DIAGNOSIS)) {
    const isLater = AFTER_DIAGNOSIS.some((step) => target.startsWith(`src/core/${step}`));
    return isLater ? [`${file} may not import ${target}: the diagnosis comes before it`] : [];
  }
  if (target.startsWith(DIAGNOSIS)) {
    return kind === "value"
      ? [`${file} may not import ${target} statically: the diagnosis is loaded late`]
      : [];
  }
  const [from, to] = [stepOf(file), stepOf(target)];
  if (from < 0) return [`${file} is in no step of the core: add it to tools/layers.ts`];
  if (to < 0) return [`${file} may not import ${target}, which is in no step: add it to tools/layers.ts`];
  return to > from ? [`${file} may not import ${target}: it is a later step`] : [];
}

function stepOf(file: string): number {
  return STEPS.findIndex((step) => step.some((prefix) => file.startsWith(`src/core/${prefix}`)));
}

function isPackage(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name}/`);
}

function findCrowdedFolders(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const folder = file.slice(0, file.lastIndexOf("/") + 1);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > MOST_FILES)
    .map(([folder, count]) => `${folder} has ${count} files: at most ${MOST_FILES}`);
}

function findCycles(graph: ReadonlyMap<string, readonly Import[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const follow = (file: string, path: readonly string[]) => {
    if (path.includes(file)) {
      cycles.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      return;
    }
    if (done.has(file)) return;
    for (const { target } of graph.get(file) ?? []) follow(target, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) follow(file, []);
  return cycles;
}

/** Counts the levels of static imports in the core. A file without imports is on level 1. */
function findDeepFiles(graph: ReadonlyMap<string, readonly Import[]>): string[] {
  const chains = new Map<string, readonly string[]>();
  const chainOf = (file: string): readonly string[] => {
    const known = chains.get(file);
    if (known) return known;
    chains.set(file, [file]);
    const below = (graph.get(file) ?? [])
      .filter(({ target, kind }) => kind === "value" && target.startsWith("src/core/"))
      .map(({ target }) => chainOf(target));
    const longest = below.reduce((one, other) => other.length > one.length ? other : one, []);
    chains.set(file, [file, ...longest]);
    return chains.get(file)!;
  };
  const deepest = [...graph.keys()].filter((file) => file.startsWith("src/core/")).map(chainOf)
    .reduce((one, other) => other.length > one.length ? other : one, []);
  return deepest.length > MOST_LEVELS
    ? [`the core has ${deepest.length} levels of imports, at most ${MOST_LEVELS}: ${deepest.join(" -> ")}`]
    : [];
}
