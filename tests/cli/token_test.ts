import assert from "node:assert/strict";
import { test } from "node:test";
import { setUp } from "../diagnosis/pod.ts";
import { runCommand } from "./terminal.ts";

const ARGS = ["token", "--scope", "https://vault.azure.net/.default"];

test("token prints the token alone, for a script", async () => {
  const { runtime } = await setUp({});
  const { code, stdout, stderr } = await runCommand(ARGS, { runtime });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
});

test("token as JSON has the time of expiry", async () => {
  const { runtime } = await setUp({});
  const { stdout } = await runCommand([...ARGS, "--output", "json"], { runtime });
  const { token, tokenType, expiresOn, expiresOnTimestamp } = JSON.parse(stdout);
  assert.match(token, /^eyJ/);
  assert.equal(tokenType, "Bearer");
  assert.equal(Date.parse(expiresOn), expiresOnTimestamp);
  assert.ok(expiresOnTimestamp > Date.now());
});

test("token as variables can be exported", async () => {
  const { runtime } = await setUp({});
  const { stdout } = await runCommand([...ARGS, "--output=env"], { runtime });
  assert.match(stdout, /^AZURE_ACCESS_TOKEN=eyJ[\w.-]+\nAZURE_ACCESS_TOKEN_EXPIRES_ON=\d{10}\n$/);
});

test("token is printed to a terminal only on request", async () => {
  const { runtime } = await setUp({});
  const rejected = await runCommand(ARGS, { runtime, isTerminal: true });
  assert.equal(rejected.code, 2);
  assert.equal(rejected.stdout, "");
  assert.match(rejected.stderr, /--show/);
  assert.doesNotMatch(rejected.stderr, /eyJ/);
  const shown = await runCommand([...ARGS, "--show"], { runtime, isTerminal: true });
  assert.match(shown.stdout, /^eyJ/);
});

test("token of another tenant", async () => {
  const { runtime } = await setUp({});
  const { code, stdout, stderr } = await runCommand([...ARGS, "--tenant", "contoso.example"], { runtime });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /tenant contoso\.example/);
  assert.match(stderr, /AADSTS90002/);
});

test("an invalid tenant is a usage error", async () => {
  const { runtime } = await setUp({});
  const { code, stderr } = await runCommand([...ARGS, "--tenant", "a/b"], { runtime });
  assert.equal(code, 2);
  assert.match(stderr, /neither a GUID nor a domain name/);
});

test("a failure prints its fix, and has exit code 1", async () => {
  const { runtime, secrets } = await setUp({ trusts: null });
  const { code, stdout, stderr } = await runCommand(ARGS, { runtime });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /AADSTS70025[\s\S]+az identity federated-credential create/);
  for (const secret of secrets) assert.ok(!stderr.includes(secret));
});

test("without variables, token reports the missing settings", async () => {
  const { code, stderr } = await runCommand(ARGS);
  assert.equal(code, 1);
  assert.match(stderr, /AZURE_CLIENT_ID/);
});
