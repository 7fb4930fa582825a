/** The command as one program, in the way of docs/command.md. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { succeed } from "../../tools/run.ts";
import type { Setting } from "./package_verify.ts";

export function testSingleBinary(setting: () => Setting): void {
  test("bun build --compile makes one program of the installed command, which needs no runtime", async () => {
    const { artefact: { consumer }, emulator: { env } } = setting();
    Deno.writeTextFileSync(`${consumer}/workload-id.ts`, `import "@workload-id/entra/cli";\n`);
    await succeed(["bun", "build", "--compile", "workload-id.ts", "--outfile", "workload-id"], {
      cwd: consumer,
    });
    const program = new Deno.Command(`${consumer}/workload-id`, { args: ["doctor"], clearEnv: true, env });
    const { stdout } = await program.output();
    assert.match(new TextDecoder().decode(stdout), /^passed +access token /m);
  });
}
