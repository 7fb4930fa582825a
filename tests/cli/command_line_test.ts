/** What the command makes of its arguments. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "./terminal.ts";

for (
  const [line, says] of [
    ["doctr", /doctr: there is no such command; did you mean doctor\?/],
    ["refresh", /refresh: there is no such command\n/],
    ["__proto__", /__proto__: there is no such command/],
    ["doctor --scpoe x", /--scpoe: there is no such option; did you mean --scope\?/],
    ["doctor --jsno", /did you mean --json\?/],
    ["doctor --zzzzzz", /--zzzzzz: there is no such option\n/],
    ["doctor -s x", /-s: there is no such option/],
    ["doctor --scope", /--scope needs a value/],
    ["doctor --scope --json", /--scope needs a value/],
    ["doctor --scope=", /--scope needs a value/],
    ["doctor --json=yes", /--json takes no value/],
    ["doctor now", /now: one argument too many/],
    ["token", /--scope is missing/],
    ["token --scope s --output xml", /--output xml: it must be text, json, env/],
    ["token --scope s --output toString", /it must be text/],
    ["emulator --port high", /--port high: it must be a number from 0 to 65535/],
    ["emulator --port 65536", /--port 65536/],
    ["emulator --expires-in soon", /--expires-in soon: it must be a duration such as 90s, 5m or 1h/],
    ["emulator --expires-in 0s", /--expires-in 0s/],
    ["emulator --fault later", /--fault later: it must be a status/],
    ["emulator --fault 200", /--fault 200/],
    ["emulator --fault 503x0", /--fault 503x0/],
    ["emulator --fault delay=x", /--fault delay x/],
    ["emulator node app.js", /node: put -- before the command/],
    ["emulator --", /no command follows/],
    ["inspect a b", /b: one argument too many/],
    ["inspect", /AZURE_FEDERATED_TOKEN_FILE is not set/],
  ] as const
) {
  test(`workload-id ${line} is not understood, and says why`, async () => {
    const { code, stdout, stderr } = await runCommand(line.split(" "));
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, says);
    assert.match(stderr, /--help tells what there is\.\n$/);
  });
}

test("without a command, the help goes to the errors", async () => {
  const { code, stdout, stderr } = await runCommand([]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /Usage: workload-id COMMAND/);
});

for (const name of ["doctor", "token", "inspect", "emulator"]) {
  test(`workload-id ${name} --help has examples, and fits a terminal`, async () => {
    const { code, stdout, stderr } = await runCommand([name, "--help"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^workload-id ${name}: .+\n\nUsage: workload-id ${name} `));
    assert.match(stdout, /\nExamples:\n {2}\S/);
    assert.match(stdout, /\n {2}--help +this text\n/);
    assert.ok(stdout.split("\n").every((line) => line.length <= 120));
    const { stdout: all } = await runCommand(["--help"]);
    assert.match(all, new RegExp(`\n {2}${name} +\\S`));
  });
}
