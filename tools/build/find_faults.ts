/** Finds what must not be in the package, with any builder. */
import ts from "typescript";
import type { Build } from "./find_differences.ts";

/** Finds a builder's additional files, global types, and imports for side effects, which the manifest rules out. */
export function findFaults(build: Build): string[] {
  return [...build].flatMap(([path, text]) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const faults = /^_dnt|^\.npmignore$/.test(name) ? [`${path} belongs to the builder`] : [];
    return /\.(js|ts)$/.test(name) ? [...faults, ...findInCode(path, text)] : faults;
  });
}

function findInCode(path: string, text: string): string[] {
  const faults: string[] = [];
  for (const statement of ts.createSourceFile(path, text, ts.ScriptTarget.ESNext).statements) {
    if (ts.isModuleDeclaration(statement) && statement.flags & ts.NodeFlags.GlobalAugmentation) {
      faults.push(`${path} declares global types`);
    }
    if (ts.isImportDeclaration(statement) && !bindsName(statement.importClause)) {
      const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
      faults.push(`${path} imports ${specifier} for its effect`);
    }
  }
  return faults;
}

function bindsName(clause: ts.ImportClause | undefined): boolean {
  const bindings = clause?.namedBindings;
  return clause?.name !== undefined ||
    (bindings !== undefined && (ts.isNamespaceImport(bindings) || bindings.elements.length > 0));
}
