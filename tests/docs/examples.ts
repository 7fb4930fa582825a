/** The examples of documents and docstrings: compiled against the packed package, and run. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ENTRIES } from "../../tools/build/entries.ts";
import { listFiles, succeed } from "../../tools/run.ts";
import { install, PEERS } from "../package/artefact.ts";
import { type CodeBlock, listCodeBlocks } from "./code_blocks.ts";
import { NEEDING_CLIENTS } from "./doc_files.ts";
import type { Setting } from "./docs_verify.ts";
import root from "../../package.json" with { type: "json" };

/** Packages that examples import in addition to this one. */
const COMPANIONS = ["@azure/identity@4.14.1", "undici@6.29.1"];
const COMPILER_OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  target: "es2022",
  module: "nodenext",
  lib: ["es2022", "dom", "dom.iterable"],
  types: ["node"],
  noEmit: true,
};
const COMMANDS = { deno: ["run", "-A", "--no-prompt", "--no-check"], bun: [], node: ["--no-warnings"] };

type Name = keyof typeof COMMANDS;

export function testExamples(setting: () => Setting): void {
  const documents = ["README.md", ...listFiles("docs", ".md")].filter((path) =>
    !NEEDING_CLIENTS.includes(path)
  );
  const blocks = [...documents, "mod.ts", ...listFiles("src", ".ts")].flatMap(listCodeBlocks)
    .filter(({ language }) => language === "ts");
  let consumer: string;
  before(async () => {
    const { folder, tarball } = setting();
    const tools = [`@types/node@${root.devDependencies["@types/node"]}`, ...COMPANIONS];
    consumer = await install(`${folder}/examples`, [tarball, ...PEERS, ...tools]);
    for (const block of blocks) Deno.writeTextFileSync(`${consumer}/${fileOf(block)}`, block.text);
  });

  test(`${blocks.length} examples compile, by TypeScript and by Deno`, async () => {
    const files = blocks.map(fileOf);
    assert.ok(blocks.length > Object.keys(ENTRIES).length);
    const config = { compilerOptions: COMPILER_OPTIONS, files };
    Deno.writeTextFileSync(`${consumer}/tsconfig.json`, JSON.stringify(config));
    await succeed(["tsc", "-p", consumer]);
    await succeed(["deno", "check", ...files], { cwd: consumer });
  });
  for (const block of blocks) {
    const runtimes = runtimesOf(block);
    test(`${block.place} runs on ${runtimes.join(", ")}`, async () => {
      const { internet, node24 } = setting();
      const executables: Record<Name, string> = { deno: "deno", bun: "bun", node: node24 };
      for (const runtime of runtimes) {
        const command = [executables[runtime], ...COMMANDS[runtime], fileOf(block)];
        const output = await succeed(command, { cwd: consumer, env: internet.env });
        if (block.text.includes("console.log(")) {
          assert.notEqual(output, "", `${command.join(" ")}: no output`);
        }
      }
    });
  }
}

function fileOf({ place }: CodeBlock): string {
  return `${place.replace(/\W+/g, "_")}.ts`;
}

/** Returns the runtimes of an example: the one whose entry it imports, Node for undici, else all. */
function runtimesOf({ text }: CodeBlock): Name[] {
  const all = Object.keys(COMMANDS) as Name[];
  if (text.includes(`"undici"`)) return ["node"];
  const named = all.filter((name) => text.includes(`"@workload-id/entra/${name}"`));
  return named.length > 0 ? named : all;
}
