/** Compares two builds of the package. */
import ts from "typescript";

/** The text of each file by its path in the package. */
export type Build = ReadonlyMap<string, string>;

/** Compares the lists of files, their texts, and the names that entries export. Returns a sentence for each difference. */
export function findDifferences(one: Build, other: Build): string[] {
  const missing = (from: Build, all: Build, which: string) =>
    [...all.keys()].filter((path) => !from.has(path)).map((path) =>
      `${path} is missing in the ${which} build`
    );
  return [
    ...missing(one, other, "first"),
    ...missing(other, one, "second"),
    ...[...one].flatMap(([path, text]) => {
      const otherText = other.get(path);
      return otherText === undefined ? [] : compareFile(path, text, otherText);
    }),
  ];
}

function compareFile(path: string, text: string, otherText: string): string[] {
  if (path.startsWith("esm/chunks/")) return [];
  if (path.endsWith(".js")) {
    const [names, otherNames] = [listExports(text), listExports(otherText)];
    return names === otherNames
      ? []
      : [`${path} exports ${names} in the first build, ${otherNames} in the second`];
  }
  if (text === otherText) return [];
  const [lines, otherLines] = [text.split("\n"), otherText.split("\n")];
  const at = lines.findIndex((line, index) => line !== otherLines[index]);
  return [`${path}:${at + 1} differs:\n  ${lines[at]}\n  ${otherLines[at]}`];
}

/** Returns the exported names; the bundler writes all exports as lists of names. */
function listExports(code: string): string {
  return ts.createSourceFile("entry.js", code, ts.ScriptTarget.ESNext).statements.filter(
    ts.isExportDeclaration,
  )
    .flatMap(({ exportClause }) =>
      exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : []
    )
    .map(({ name }) => name.text).sort().join(", ");
}
