import assert from "node:assert/strict";
import { test } from "node:test";
import { findDifferences } from "../../tools/build/find_differences.ts";
import { findFaults } from "../../tools/build/find_faults.ts";

const SOUND: Readonly<Record<string, string>> = {
  "package.json": `{ "name": "@workload-id/entra" }`,
  "esm/mod.js": `import { C } from './chunks/credential.js';\nexport { C as Credential, detect };`,
  "esm/mod.d.ts": `import type { Runtime } from "./runtime.js";\nexport declare class Credential {}`,
  "esm/chunks/credential.js": `import * as jose from 'jose';\nexport { a as C };`,
};

const build = (files: Readonly<Record<string, string>> = {}) =>
  new Map(Object.entries({ ...SOUND, ...files }));

test("a correct build has no faults", () => assert.deepEqual(findFaults(build()), []));

const FAULTS: readonly [path: string, text: string, fault: string][] = [
  ["esm/_dnt.polyfills.js", `export {};`, "esm/_dnt.polyfills.js belongs to the builder"],
  ["esm/_dnt.shims.d.ts", `export {};`, "esm/_dnt.shims.d.ts belongs to the builder"],
  [".npmignore", `/src/`, ".npmignore belongs to the builder"],
  [
    "esm/mod.d.ts",
    `declare global { interface Array<T> {} }\nexport {};`,
    "esm/mod.d.ts declares global types",
  ],
  ["esm/mod.d.ts", `import "./polyfill.js";`, "esm/mod.d.ts imports ./polyfill.js for its effect"],
  ["esm/mod.js", `import 'jose';\nexport {};`, "esm/mod.js imports jose for its effect"],
  ["esm/mod.js", `import {} from './types.js';\nexport {};`, "esm/mod.js imports ./types.js for its effect"],
];
for (const [path, text, fault] of FAULTS) {
  test(`a build is faulty: ${fault}`, () => assert.deepEqual(findFaults(build({ [path]: text })), [fault]));
}

test("equal builds do not differ, whatever names the bundler gives to shared chunks", () => {
  assert.deepEqual(findDifferences(build(), build()), []);
  assert.deepEqual(findDifferences(build(), build({ "esm/chunks/credential.js": `export { b as D };` })), []);
});

test("a file that only one build has is a difference", () => {
  const other = build({ "esm/other.d.ts": "" });
  assert.deepEqual(findDifferences(build(), other), ["esm/other.d.ts is missing in the first build"]);
  assert.deepEqual(findDifferences(other, build()), ["esm/other.d.ts is missing in the second build"]);
});

test("another declaration or manifest is a difference", () => {
  for (const path of ["esm/mod.d.ts", "package.json"]) {
    const other = build({ [path]: `${SOUND[path]}\nmore` });
    const [difference, ...others] = findDifferences(build(), other);
    assert.match(difference!, new RegExp(`^${path.replaceAll(".", "\\.")}:\\d differs:\n`));
    assert.match(findDifferences(other, build())[0]!, /\n {2}more\n/);
    assert.deepEqual(others, []);
  }
});

test("another export is a difference", () => {
  const other = build({ "esm/mod.js": `export { C as Credential };` });
  assert.deepEqual(findDifferences(build(), other), [
    "esm/mod.js exports Credential, detect in the first build, Credential in the second",
  ]);
});
