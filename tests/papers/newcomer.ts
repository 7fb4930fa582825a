/** What the README tells a newcomer to do, done in an empty folder: its commands and its program as they are printed. */
import assert from "node:assert/strict";
import { check, succeed } from "../../tools/verify/checks.ts";
import { listCodeBlocks, listCommands } from "./code_blocks.ts";
import type { Internet } from "./internet.ts";
import type { Registry } from "./registry.ts";

const AUTHORITY = "login.microsoftonline.com:443";

/** @param node24 the Node that runs TypeScript */
export async function checkNewcomer(
  folder: string,
  internet: Internet,
  registry: Registry,
  node24: string,
): Promise<void> {
  const blocks = listCodeBlocks("README.md");
  const commands = blocks.filter(({ language }) => language === "sh").flatMap(listCommands);
  const program = blocks.find(({ text }) => text.startsWith("// main.ts\n"))!.text;
  const path = `${node24.replace(/\/[^/]+$/, "")}:${Deno.env.get("PATH")}`;

  for (const [runtime, installer] of Object.entries({ Deno: "deno", Bun: "bun", Node: "npm" })) {
    const install = commands.find((command) => new RegExp(`^${installer} (add|install) `).test(command));
    const run = commands.find((command) =>
      command.startsWith(`${runtime.toLowerCase()} `) && / main\.ts$/.test(command)
    );
    await check(`a newcomer with ${runtime} has a token after two commands of the README`, async () => {
      assert.ok(install && run, "the README has no such commands");
      const place = `${folder}/newcomer_${runtime}`;
      Deno.mkdirSync(place);
      Deno.writeTextFileSync(`${place}/main.ts`, program);
      const env = { ...registry.env, ...internet.env, PATH: path };
      await succeed(["sh", "-c", install], { cwd: place, env });
      const before = internet.targets.length;
      const output = await succeed(["sh", "-c", run], { cwd: place, env });
      assert.match(output, /^a token of \d{3,} characters until \d{4}-\S+Z\n$/);
      assert.deepEqual(internet.targets.slice(before), [AUTHORITY]);
    });
  }
  await check("on the machine's Node the program runs as JavaScript", async () => {
    const place = `${folder}/newcomer_Node`;
    Deno.writeTextFileSync(`${place}/main.mjs`, program);
    assert.match(
      await succeed(["node", "main.mjs"], { cwd: place, env: internet.directEnv }),
      /^a token of /,
    );
  });
}
