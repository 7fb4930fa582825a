/**
 * `manifests.ts FOLDER OUT`: validates the manifests of a folder by the schemas of Kubernetes, and writes them as
 * TypeScript, so that a member that the schemas do not know is found as well.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseAllDocuments } from "yaml";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

const [folder = "", out = ""] = process.argv.slice(2);
const lines: string[] = [];
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
assert.ok(files.length > 0);
for (const file of files) {
  for (const document of parseAllDocuments(readFileSync(`${folder}/${file}`, "utf8"))) {
    assert.deepEqual([document.errors, document.warnings], [[], []], file);
    const manifest: Manifest = document.toJS();
    const { apiVersion, kind } = manifest;
    const module = `kubernetes-models/${apiVersion}`;
    const models = await import(module);
    assert.ok(models[kind], `${file}: no schema of ${kind}`);
    new models[kind](manifest).validate();
    lines.push(
      `export const m${lines.length}: import("${module}").I${kind} = ${JSON.stringify(manifest, null, 2)};`,
    );
  }
}
writeFileSync(out, lines.join("\n") + "\n");
console.log(JSON.stringify(files));
