/** `workload-id doctor --service-account` and `--pod`: every broken set-up, each through the whole command. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Outcome, runCommand } from "../terminal.ts";
import { BROKEN_SETUPS } from "./broken_setups.ts";
import { type Machine, POD, setUp } from "./setup.ts";

const ACCOUNT = ["--service-account", "shop/checkout"];

function doctor(machine: Machine, args: readonly string[]): Promise<Outcome> {
  return runCommand(["doctor", ...args], machine);
}

for (const { what, args = ["--pod", POD], expected, ...setup } of BROKEN_SETUPS) {
  const { code = 1, check, status = "failed", finding, cause = /./, fix, command } = expected;
  test(`${what}: ${finding}`, async () => {
    const machine = await setUp(setup);
    const { code: exitCode, stdout, stderr } = await doctor(machine, [...args, "--json"]);
    assert.equal(stderr, "");
    const { isWell, checks } = JSON.parse(stdout);
    const found = checks.filter((one: { diagnosis?: unknown }) => one.diagnosis);
    assert.deepEqual(
      found.map((one: { name: string; status: string }) => [one.name, one.status]),
      [[check, status]],
      stdout,
    );
    assert.deepEqual([exitCode, isWell], [code, code === 0]);
    const [{ diagnosis }] = found;
    assert.equal(diagnosis.name, finding);
    assert.match(diagnosis.cause, cause);
    assert.match(diagnosis.fix, fix);
    assert.match(diagnosis.commands.join("\n"), command);
    assert.match(diagnosis.source, /^https:\/\//);

    const text = await doctor(machine, args);
    assert.equal(text.code, code);
    assert.match(
      text.stdout,
      new RegExp(`^${status.padEnd(13)}${check} .+\n {13}Cause: .+\n {13}Fix: `, "m"),
    );
    assert.match(text.stdout, code === 0 ? /\nno problems, 1 warning/ : /\n1 problem/);
    assert.doesNotMatch(stdout + text.stdout, /\{\w+\}|undefined|fake (kubectl|az)|[^\P{Cc}\n]/u);
    for (const secret of machine.secrets) assert.ok(!(stdout + text.stdout).includes(secret), secret);
  });
}

test("at least forty set-ups are tried, twenty of them from public threads", () => {
  const threads = BROKEN_SETUPS.flatMap(({ thread }) => thread ?? []);
  assert.ok(BROKEN_SETUPS.length >= 40, String(BROKEN_SETUPS.length));
  assert.equal(new Set(threads).size, threads.length, "each thread once");
  assert.ok(threads.length >= 20, String(threads.length));
});

test("a service account that works has no finding", async () => {
  const credentials = [{
    name: "shop-checkout",
    issuer: "https://eastus.oic.prod-aks.azure.com/72f988bf-0000-0000-0000-2d7cd011db47/0a1b2c3d-0000/",
    subject: "system:serviceaccount:shop:checkout",
    audiences: ["api://AzureADTokenExchange"],
  }];
  const { code, stdout, stderr } = await doctor(await setUp({ az: { credentials } }), ACCOUNT);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(stdout.trimEnd().split("\n").map((line) => line.slice(0, 33).trimEnd()), [
    "passed       cluster",
    "passed       webhook",
    "passed       service account",
    "passed       token",
    "passed       assertion",
    "passed       authority",
    "passed       cluster issuer",
    "passed       issuer",
    "passed       federated credential",
    "passed       exchange",
    "passed       access token",
    "",
    "no problems",
  ]);
});

test("a pod that works has no finding, without the Azure CLI as well", async () => {
  for (const az of [undefined, { isSignedIn: false }]) {
    const { code, stdout } = await doctor(await setUp(az ? { az } : {}), ["--pod", POD]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, az ? /^skipped {6}federated credential {2}az: ERROR: Please run/m : /not installed/);
    assert.equal(stdout.match(/^passed {7}/gm)?.length, 14, stdout);
    assert.match(stdout, /\nno problems, 1 check skipped\n$/);
  }
});

test("the token is sent only to the authority of the command line, whatever the machine or the pod configures", async () => {
  const env = {
    AZURE_AUTHORITY_HOST: "https://login.evil.example/",
    AZURE_REGIONAL_AUTHORITY_NAME: "westeurope",
    AZURE_TENANT_ID: "99999999-0000-0000-0000-000000000000",
    AZURE_CLIENT_SECRET: "hush",
  };
  const machine = await setUp({ env });
  const { code, stdout } = await doctor(machine, ["--pod", POD]);
  assert.equal(code, 0, stdout);
  assert.deepEqual([...machine.hosts].sort(), ["eastus.oic.prod-aks.azure.com", "login.microsoftonline.com"]);
});

test("the scope and the cloud can be chosen", async () => {
  const government = await doctor(await setUp(), [...ACCOUNT, "--authority", "AzureGovernment", "--json"]);
  assert.equal(JSON.parse(government.stdout).scope, "https://management.usgovcloudapi.net/.default");
  const vault = await doctor(await setUp(), [...ACCOUNT, "--scope", "https://vault.azure.net/.default"]);
  assert.match(vault.stdout, /^passed {7}access token .+for https:\/\/vault\.azure\.net/m);
});

for (
  const [args, says] of [
    [["--pod", POD, ...ACCOUNT], /omit --service-account/],
    [["--context", "x"], /--context needs --service-account or --pod/],
    [[...ACCOUNT, "--azure-proxy"], /works only in a pod/],
    [["--pod", "-A/x"], /--pod: '-A' is not a namespace/],
  ] as const
) {
  test(`doctor ${args.join(" ")} is a usage error`, async () => {
    const { code, stderr } = await doctor(await setUp(), args);
    assert.equal(code, 2);
    assert.match(stderr, says);
  });
}
