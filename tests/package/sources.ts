/** The requirements of JSR for the sources that it accepts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENTRIES } from "../../tools/build/entries.ts";
import { run, succeed } from "../../tools/run.ts";
import { obtain } from "../../tools/obtain.ts";

/** Checks the public documentation, and a dry run of publishing. */
export function testSources(): void {
  test("every export is documented, and every type that it refers to is exported", async () => {
    await succeed(["deno", "doc", "--lint", ...Object.values(ENTRIES)]);
  });
  test("JSR would accept the sources, and nothing else would be published", async () => {
    const { success, output } = await run(["deno", "publish", "--dry-run", "--allow-dirty"]);
    assert.ok(success, output);
    const files = [...output.matchAll(/file:\/\/(\S+) \(/g)].map(([, path]) =>
      path!.replace(`${Deno.cwd()}/`, "")
    );
    assert.ok(files.length > Object.keys(ENTRIES).length);
    const surplus = files.filter((path) =>
      !/^(mod\.ts|deno\.json|README\.md|CHANGELOG\.md|LICENSE|schemas\/.+\.json|src\/.+\.ts)$/.test(path)
    );
    assert.deepEqual(surplus, []);
  });
  // As JSR gives them to Deno; in packages from npm, timers of the same Deno are Node's.
  test("deno 2.1.0 is not kept alive by the sources' background work", async () => {
    const deno = await obtain("deno", "2.1.0");
    const program = ["run", "-A", "--no-check", "tests/behaviour/process_program.ts", "behind"];
    assert.match(await succeed([deno, ...program]), /^given\nended after \d{1,3} ms\n$/);
  });
}
