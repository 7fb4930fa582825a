/** Runs the README's commands and its program in an empty folder, as a newcomer would. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run, succeed } from "../../tools/run.ts";
import { listCodeBlocks, listCommands } from "./code_blocks.ts";
import type { Setting } from "./docs_verify.ts";

const AUTHORITY = "login.microsoftonline.com:443";
const WITH_TOKEN = /^a token of \d{3,} characters until \d{4}-\S+Z$/m;
/** The beginning of each runtime's commands. */
const RUNTIMES = { Deno: /^deno /, Bun: /^bunx? /, Node: /^(npm|npx|node) / };

export function testNewcomer(setting: () => Setting): void {
  const blocks = listCodeBlocks("README.md");
  const program = blocks.find(({ text }) => text.startsWith("// main.ts\n"))!.text;
  const commands = blocks.filter(({ language }) => language === "sh").flatMap(listCommands)
    .filter((command) => !command.startsWith("npm ci "));
  const strange = commands.filter((command) => !Object.values(RUNTIMES).some((first) => first.test(command)));
  test("the README has commands for each runtime: install, run on a laptop, run in a pod", () => {
    assert.deepEqual(strange, []);
    for (const first of Object.values(RUNTIMES)) {
      const [install = "", ...others] = commands.filter((command) => first.test(command));
      assert.match(install, / (add|install) .*@workload-id\/entra$/);
      assert.match(others.at(-2)!, / emulator -- .* main\.ts$/);
      assert.match(others.at(-1)!, / main\.ts$/);
    }
  });
  const environment = () => {
    const { registry, node24 } = setting();
    return { ...registry.env, PATH: `${node24.replace(/\/[^/]+$/, "")}:${Deno.env.get("PATH")}` };
  };

  for (const [runtime, first] of Object.entries(RUNTIMES)) {
    const all = commands.filter((command) => first.test(command)).map((command) => ["sh", "-c", command]);
    const preparation = all.slice(0, -2);
    const [onLaptop, inPod] = all.slice(-2);
    test(`a newcomer with ${runtime} installs it, and in a pod the program has a token`, async () => {
      const { folder, internet } = setting();
      const [cwd, env] = [`${folder}/newcomer_${runtime}`, environment()];
      Deno.mkdirSync(cwd);
      Deno.writeTextFileSync(`${cwd}/main.ts`, program);
      for (const command of preparation) await succeed(command, { cwd, env });
      const before = internet.targets.length;
      assert.match(await succeed(inPod!, { cwd, env: { ...env, ...internet.env } }), WITH_TOKEN);
      assert.deepEqual(internet.targets.slice(before), [AUTHORITY]);
    });
    test(`a newcomer with ${runtime} has a token on their own machine, without a warning`, async () => {
      const options = { cwd: `${setting().folder}/newcomer_${runtime}`, env: environment() };
      const { success, stdout, output } = await run(onLaptop!, options);
      assert.ok(success, output);
      assert.match(stdout, WITH_TOKEN);
      assert.doesNotMatch(output, /warning/i);
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
