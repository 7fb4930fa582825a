/** The documents of this repository. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** The files below a folder of the repository, as paths from its root with `/`. */
export function listFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path).replaceAll("\\", "/"));
}

/** Their paths, from the root. */
export const DOCUMENTS: readonly string[] = [
  ...readdirSync(ROOT),
  ...["docs", "examples"].flatMap(listFiles),
].filter((path) => path.endsWith(".md") && !path.includes("node_modules"));

/** Documents whose examples need the clients of many services: `tests/integration` has them. */
export const NEEDING_CLIENTS: readonly string[] = [
  "docs/assertions.md",
  "docs/credential_recipes.md",
  "docs/recipes.md",
  "docs/sign_in_without_a_client_secret.md",
];

export function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Returns a text without its fenced blocks. */
export function prose(text: string): string {
  return text.replace(/^```[^]*?^```$/gm, "");
}
