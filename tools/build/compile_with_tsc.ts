/** Compiles with the installed TypeScript instead of dnt, if JSR cannot be reached. */
import ts from "typescript";
import { ENTRIES } from "./entries.ts";

/** Compiles each source to JavaScript and its types. */
export function compile(outDir: string): void {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"].map((name) => `lib.${name}.d.ts`),
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    isolatedDeclarations: true,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
    newLine: ts.NewLineKind.LineFeed,
    rootDir: ".",
    outDir: `${outDir}/esm`,
  };
  const program = ts.createProgram(Object.values(ENTRIES), options);
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    throw new Error(ts.formatDiagnostics(problems, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => Deno.cwd(),
      getNewLine: () => "\n",
    }));
  }
}
