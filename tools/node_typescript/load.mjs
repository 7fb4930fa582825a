/**
 * Removes the types of imported modules. esbuild does so in a fraction of the time that TypeScript takes to load. The results
 * are kept in `.cache/`, because the tests start hundreds of processes that import the same modules.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";

const OPTIONS = {
  loader: "ts",
  format: "esm",
  target: "es2022",
  sourcemap: "inline",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
};
const ROOT = new URL("../../", import.meta.url);
const CACHE = new URL(".cache/node_typescript/", ROOT);
const COMPILER = await readFile(new URL("node_modules/esbuild/package.json", ROOT), "utf8");

const digest = (...texts) => createHash("sha256").update(texts.join("\n")).digest("hex");

export async function load(url, context, next) {
  if (!url.startsWith("file:") || !url.endsWith(".ts")) return await next(url, context);
  const text = await readFile(new URL(url), "utf8");
  const source = url.startsWith(ROOT.href) ? await findResult(url, text) : await removeTypes(url, text);
  return { format: "module", source, shortCircuit: true };
}

async function findResult(url, text) {
  const file = new URL(`${digest(url)}.js`, CACHE);
  // A changed module replaces its old result, which ends with another line.
  const lastLine = `// ${digest(JSON.stringify(OPTIONS), COMPILER, text)}\n`;
  const kept = await readFile(file, "utf8").catch(() => "");
  if (kept.endsWith(lastLine)) return kept;
  const source = await removeTypes(url, text) + lastLine;
  // Renamed when it is complete, because other processes read it at any time.
  const part = new URL(`${file.href}.${randomUUID()}`);
  await mkdir(CACHE, { recursive: true });
  await writeFile(part, source);
  await rename(part, file);
  return source;
}

async function removeTypes(url, text) {
  const { transform } = await import("esbuild");
  const { code } = await transform(text, { ...OPTIONS, sourcefile: url });
  return code;
}
