/** What JSR asks of the sources before it takes them. */
import assert from "node:assert/strict";
import { ENTRIES } from "../../tools/build/entries.ts";
import { run } from "../../tools/run.ts";
import { check, succeed } from "../../tools/verify/checks.ts";
import { obtain } from "../../tools/verify/obtain.ts";

/** Checks the public documentation, and a publication that stops short of the network. */
export async function checkSources(): Promise<void> {
  await check("every export is documented, and exports all that it speaks of", async () => {
    await succeed(["deno", "doc", "--lint", ...Object.values(ENTRIES)]);
  });
  await check("npm run docs gives a page for every entry", async () => {
    await succeed(["npm", "run", "docs"]);
    for (const entry of Object.keys(ENTRIES).filter((entry) => entry !== "./cli")) {
      const page = Deno.statSync(`reference/${entry === "." ? "" : entry.slice(2)}/index.html`);
      assert.ok(page.size > 1000, entry);
    }
  });
  await check("JSR would take the sources, and nothing but the sources", async () => {
    const { success, output } = await run(["deno", "publish", "--dry-run", "--allow-dirty"]);
    assert.ok(success, output);
    const files = [...output.matchAll(/file:\/\/(\S+) \(/g)].map(([, path]) =>
      path!.replace(`${Deno.cwd()}/`, "")
    );
    assert.ok(files.length > Object.keys(ENTRIES).length);
    const surplus = files.filter((path) =>
      !/^(mod\.ts|deno\.json|README\.md|CHANGELOG\.md|LICENSE|src\/.+\.ts)$/.test(path)
    );
    assert.deepEqual(surplus, []);
  });
  // As JSR gives them to Deno; in packages from npm, timers of the same Deno are Node's.
  await check("deno 2.1.0 is not kept by what the sources do behind a caller", async () => {
    const deno = await obtain("deno", "2.1.0");
    const program = ["run", "-A", "--no-check", "tests/behaviour/process_program.ts", "behind"];
    assert.match(await succeed([deno, ...program]), /^given\nended after \d{1,3} ms\n$/);
  });
}
