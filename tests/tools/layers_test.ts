import assert from "node:assert/strict";
import { test } from "node:test";
import { findProblems } from "../../tools/layers.ts";

/** A small tree that keeps every rule. */
const SOUND: Readonly<Record<string, string>> = {
  "mod.ts": `export * from "./src/core/mod.ts";\nexport { deno } from "./src/runtime/deno.ts";`,
  "src/core/mod.ts": `export * from "./credential.ts";`,
  "src/core/credential.ts": `import { acquire } from "./acquisition/acquire.ts";`,
  "src/core/acquisition/acquire.ts": `
    import type { Diagnose } from "../diagnosis/mod.ts";
    import { classify } from "../failure/classify.ts";
    const load = () => import("../diagnosis/mod.ts");
  `,
  "src/core/failure/classify.ts": `import { read } from "../settings/config.ts";`,
  "src/core/settings/config.ts": `
    import type { Runtime } from "../contract/runtime.ts";
    const loadLog = () => import("./log.ts");
  `,
  "src/core/settings/log.ts": ``,
  "src/core/contract/runtime.ts": ``,
  "src/core/diagnosis/mod.ts":
    `import { decodeJwt } from "jose/jwt/decode";\nimport "../failure/classify.ts";`,
  "src/runtime/deno.ts": `import type { Runtime } from "../core/contract/runtime.ts";`,
  "src/runtime/bun.ts": ``,
  "src/runtime/detect.ts": `import "./deno.ts";\nimport "./bun.ts";`,
  "src/assertions/mod.ts": `import "../runtime/detect.ts";`,
  "src/testing/mod.ts": `import "jose";\nconst load = () => import("node:fs");`,
};

/** A violation in one file, and its message. */
const VIOLATIONS: readonly [name: string, file: string, text: string, problem: RegExp][] = [
  [
    "a layer imports one above it",
    "src/core/acquisition/acquire.ts",
    `import "../../runtime/bun.ts";`,
    /another layer/,
  ],
  ["a file is in no layer", "src/strange/mod.ts", `import "../core/mod.ts";`, /is in no layer/],
  ["a file of the core is in no step", "src/core/strange.ts", `import "./clock.ts";`, /is in no step/],
  [
    "a file of the core that is imported is in no step",
    "src/core/failure/classify.ts",
    `import "../strange.ts";`,
    /src\/core\/strange\.ts, which is in no step/,
  ],
  [
    "a runtime imports a built-in of Node statically",
    "src/runtime/bun.ts",
    `import { readFile } from "node:fs";`,
    /getBuiltinModule/,
  ],
  [
    "a file imports the package by its name",
    "src/testing/mod.ts",
    `import "@workload-id/entra/core";`,
    /by their paths/,
  ],
  ["assertions know a runtime", "src/assertions/mod.ts", `import "../runtime/deno.ts";`, /another layer/],
  [
    "runtimes know each other",
    "src/runtime/bun.ts",
    `import "./deno.ts";`,
    /runtimes do not know each other/,
  ],
  [
    "a step imports a later one",
    "src/core/settings/config.ts",
    `import type {} from "../failure/retry.ts";`,
    /later step/,
  ],
  [
    "the contract imports a step",
    "src/core/contract/events.ts",
    `import "../settings/log.ts";`,
    /later step/,
  ],
  [
    "a file of types imports a value",
    "src/core/contract/options.ts",
    `import "./runtime.ts";`,
    /may only import types/,
  ],
  [
    "the core imports the diagnosis at once",
    "src/core/failure/classify.ts",
    `import { rules } from "../diagnosis/rules.ts";`,
    /loaded late/,
  ],
  [
    "the core re-exports the diagnosis",
    "src/core/failure/classify.ts",
    `export * from "../diagnosis/rules.ts";`,
    /loaded late/,
  ],
  [
    "the diagnosis imports acquisition",
    "src/core/diagnosis/rules.ts",
    `import "../acquisition/acquire.ts";`,
    /diagnosis comes before it/,
  ],
  [
    "the core imports a step late",
    "src/core/credential.ts",
    `await import("./acquisition/acquire.ts");`,
    /imported statically/,
  ],
  [
    "a runtime imports something late",
    "src/runtime/deno.ts",
    `await import("node:fs");`,
    /imported statically/,
  ],
  [
    "the root entry imports something late",
    "mod.ts",
    `await import("./src/runtime/bun.ts");`,
    /imported statically/,
  ],
  [
    "the core imports what it computes",
    "src/core/credential.ts",
    `await import(name);`,
    /imported statically/,
  ],
  [
    "the core needs jose at import",
    "src/core/acquisition/acquire.ts",
    `import { decodeJwt } from "jose";`,
    /only the diagnosis/,
  ],
  [
    "a runtime needs jose at import",
    "src/runtime/bun.ts",
    `export { decodeJwt } from "jose/jwt/decode";`,
    /only the diagnosis/,
  ],
  ["the core imports a built-in", "src/core/clock.ts", `import "node:timers";`, /only itself and jose/],
  ["a cycle", "src/core/failure/retry.ts", `import type {} from "./retry.ts";`, /^cycle: /],
];

function plant(file: string, text: string): string[] {
  return findProblems(new Map(Object.entries({ ...SOUND, [file]: `${SOUND[file] ?? ""}\n${text}` })));
}

test("a tree that keeps the rules has no problem", () => {
  assert.deepEqual(findProblems(new Map(Object.entries(SOUND))), []);
});

for (const [name, file, text, problem] of VIOLATIONS) {
  test(`one problem is found if ${name}`, () => {
    const problems = plant(file, text);
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0]!, problem);
    assert.ok(problems[0]!.includes(file));
  });
}

test("a longer cycle is found", () => {
  const [problem, ...others] = plant("src/core/settings/log.ts", `import "./config.ts";`);
  assert.match(
    problem!,
    /^cycle: .*config\.ts -> .*log\.ts -> .*config\.ts$|^cycle: .*log\.ts -> .*config\.ts -> .*log\.ts$/,
  );
  assert.deepEqual(others, []);
});

test("a folder with more than 16 files is found", () => {
  const fill = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`src/core/failure/step_${index}.ts`, ""]),
    );
  const find = (count: number) => findProblems(new Map(Object.entries({ ...SOUND, ...fill(count) })));
  assert.deepEqual(find(15), []);
  assert.deepEqual(find(16), ["src/core/failure/ has 17 files: at most 16"]);
});

test("more than 8 levels of imports in the core are found", () => {
  const chain = (length: number) =>
    Object.fromEntries(Array.from({ length }, (_, index) => [
      `src/core/failure/step_${index}.ts`,
      index + 1 < length ? `import "./step_${index + 1}.ts";` : "",
    ]));
  const find = (length: number) => findProblems(new Map(Object.entries({ ...SOUND, ...chain(length) })));
  assert.deepEqual(find(8), []);
  assert.match(
    find(9).join("\n"),
    /^the core has 9 levels of imports, at most 8: src\/core\/failure\/step_0\.ts -> /,
  );
});
