/** What the README tells a newcomer to do, done in an empty folder: its commands and its program as they are printed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { succeed } from "../../tools/run.ts";
import { listCodeBlocks, listCommands } from "./code_blocks.ts";
import type { Setting } from "./docs_verify.ts";

const AUTHORITY = "login.microsoftonline.com:443";
const WITH_TOKEN = /^a token of \d{3,} characters until \d{4}-\S+Z$/m;
/** Whose commands begin so. */
const RUNTIMES = { Deno: /^deno /, Bun: /^bunx? /, Node: /^(npm|npx|node) / };

export function testNewcomer(setting: () => Setting): void {
  const blocks = listCodeBlocks("README.md");
  const program = blocks.find(({ text }) => text.startsWith("// main.ts\n"))!.text;
  const commands = blocks.filter(({ language }) => language === "sh").flatMap(listCommands)
    .filter((command) => !command.startsWith("npm ci "));
  const strange = commands.filter((command) => !Object.values(RUNTIMES).some((first) => first.test(command)));
  test("the README has three commands for each runtime", () => {
    assert.deepEqual(strange, []);
    for (const first of Object.values(RUNTIMES)) {
      assert.equal(commands.filter((command) => first.test(command)).length, 3, String(first));
    }
  });
  const environment = () => {
    const { registry, node24 } = setting();
    return { ...registry.env, PATH: `${node24.replace(/\/[^/]+$/, "")}:${Deno.env.get("PATH")}` };
  };

  for (const [runtime, first] of Object.entries(RUNTIMES)) {
    const [install, inPod, here] = commands.filter((command) => first.test(command)).map((
      command,
    ) => ["sh", "-c", command]);
    test(`a newcomer with ${runtime} installs it, and in a pod the program has a token`, async () => {
      const { folder, internet } = setting();
      const [cwd, env] = [`${folder}/newcomer_${runtime}`, environment()];
      Deno.mkdirSync(cwd);
      Deno.writeTextFileSync(`${cwd}/main.ts`, program);
      await succeed(install!, { cwd, env });
      const before = internet.targets.length;
      assert.match(await succeed(inPod!, { cwd, env: { ...env, ...internet.env } }), WITH_TOKEN);
      assert.deepEqual(internet.targets.slice(before), [AUTHORITY]);
    });
    test(`a newcomer with ${runtime} has a token on their own machine`, async () => {
      const options = { cwd: `${setting().folder}/newcomer_${runtime}`, env: environment() };
      assert.match(await succeed(here!, options), WITH_TOKEN);
    });
  }
  test("on the machine's Node the program runs as main.mjs", async () => {
    const { folder, registry } = setting();
    const cwd = `${folder}/newcomer_Node`;
    Deno.writeTextFileSync(`${cwd}/main.mjs`, program);
    const command = ["npx", "@workload-id/entra", "emulator", "--", "node", "main.mjs"];
    assert.match(await succeed(command, { cwd, env: registry.env }), WITH_TOKEN);
  });
}
