/** The arguments of the command. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runCommand } from "./terminal.ts";

for (
  const [line, says] of [
    ["doctr", /unknown command 'doctr'; did you mean 'doctor'\?/],
    ["refresh", /unknown command 'refresh'\n/],
    ["help doctr", /unknown command 'doctr'; did you mean 'doctor'\?/],
    ["__proto__", /unknown command '__proto__'/],
    ["doctor --scpoe x", /unknown option '--scpoe'; did you mean '--scope'\?/],
    ["doctor --jsno", /did you mean '--json'\?/],
    ["doctor --zzzzzz", /unknown option '--zzzzzz'\n/],
    ["doctor --__proto__ x", /unknown option '--__proto__'/],
    ["doctor -s x", /unknown option '-s'/],
    ["doctor --scope", /--scope needs a value/],
    ["doctor --scope --json", /--scope needs a value/],
    ["doctor --scope=", /--scope needs a value/],
    ["doctor --json=yes", /--json takes no value/],
    ["doctor now", /unexpected argument 'now'/],
    ["token", /--scope is missing/],
    ["token --scope s --output xml", /--output must be one of text, json, env, but is 'xml'/],
    ["token --scope s --output toString", /--output must be one of text/],
    ["emulator --port high", /--port must be a number from 0 to 65535, but is 'high'/],
    ["emulator --port 65536", /--port must be .+'65536'/],
    [
      "emulator --expires-in soon",
      /--expires-in must be a number with a unit \(ms, s, m or h\), such as 90s/,
    ],
    ["emulator --expires-in 5min", /--expires-in .+ unit .+'5min'/],
    ["emulator --expires-in 0s", /--expires-in .+'0s'/],
    ["emulator --fault later", /--fault must be a status .+'later'/],
    ["emulator --fault 200", /--fault .+'200'/],
    ["emulator --fault 503x0", /--fault .+'503x0'/],
    ["emulator --fault delay=x", /--fault delay must be .+'x'/],
    ["emulator --zzzzzz node --help", /unknown option '--zzzzzz'/],
    ["emulator --", /no command follows '--'/],
    ["inspect a b", /unexpected argument 'b'/],
    ["inspect", /AZURE_FEDERATED_TOKEN_FILE is not set/],
    ["run", /--service-account is missing/],
    ["run --service-account shop/checkout", /no command to run: put it at the end, after --/],
    ["run --service-account shop/checkout --", /no command follows '--'/],
    ["run --service-account checkout -- x", /must be NAMESPACE\/NAME/],
    ["run --service-account a/b/c -- x", /must be NAMESPACE\/NAME/],
    ["run --service-account=-A/checkout -- x", /'-A' is not a namespace/],
    ["run --service-account shop/-oyaml -- x", /'-oyaml' is not a name/],
    ["run --service-account shop/ -- x", /'' is not a name/],
    ["run --service-account Shop/checkout -- x", /'Shop' is not a namespace/],
    [`run --service-account ${"a".repeat(64)}/checkout -- x`, /is not a namespace/],
    [`run --service-account shop/${"a.".repeat(127)}aa -- x`, /is not a name/],
    ["run --service-account kube-system/x -- x", /pass --yes/],
    ["run --service-account shop/checkout --client x -- x", /--client must be a GUID, but is 'x'/],
    ["run --service-account shop/checkout --tenant common -- x", /--tenant must be .+: 'common'/],
    [
      "run --service-account shop/checkout --authority http://login.example -- x",
      /--authority must be an https URL or one of/,
    ],
    [
      "run --service-account shop/checkout --authority AzureMars -- x",
      /--authority .+ AzureGovernment.+'AzureMars'/,
    ],
  ] as const
) {
  test(`workload-id ${line} is a usage error with a reason`, async () => {
    const { code, stdout, stderr } = await runCommand(line.split(" "));
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, says);
    assert.match(stderr, /\nSee 'workload-id (\w+ )?--help'\.\n$/);
  });
}

test("without a command, the help goes to standard error", async () => {
  const { code, stdout, stderr } = await runCommand([]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /Usage: workload-id COMMAND/);
});

for (const name of ["doctor", "token", "inspect", "run", "emulator"]) {
  test(`workload-id ${name} --help has examples, and fits a terminal`, async () => {
    const { code, stdout, stderr } = await runCommand([name, "--help"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^workload-id ${name}: .+\n\nUsage: workload-id ${name} `));
    assert.match(stdout, /\nExamples:\n {2}\S/);
    assert.match(stdout, /\n {2}--help +show this help\n/);
    assert.ok(stdout.split("\n").every((line) => line.length <= 120));
    assert.equal((await runCommand(["help", name])).stdout, stdout);
    assert.equal((await runCommand([name, "-h"])).stdout, stdout);
    const { stdout: all } = await runCommand(["--help"]);
    assert.match(all, new RegExp(`\n {2}${name} +\\S`));
  });
}

test("--version prints the version of the manifest", async () => {
  const { version } = JSON.parse(readFileSync("deno.json", "utf8"));
  for (const option of ["--version", "-v"]) {
    assert.deepEqual(await runCommand([option]), { code: 0, stdout: `${version}\n`, stderr: "" });
  }
});

test("the options of a program are not read as those of the command", async () => {
  const { code, stdout } = await runCommand([
    "run",
    "--service-account",
    "shop/x",
    "program",
    "--help",
    "--bogus",
  ]);
  assert.deepEqual([code, stdout], [1, ""]);
});
