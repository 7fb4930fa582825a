import assert from "node:assert/strict";
import { test } from "node:test";
import { base64url } from "jose";
import { setUp } from "../diagnosis/pod.ts";
import { projectedToken } from "../support/harness.ts";
import { runCommand } from "./terminal.ts";

const SIGNATURE = projectedToken().split(".")[2]!;

test("inspect shows the projected token of the variables, times in words, without the signature", async () => {
  const { runtime, secrets } = await setUp({});
  const { code, stdout, stderr } = await runCommand(["inspect"], { runtime });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^alg +RS256$/m);
  assert.match(stdout, /^sub +system:serviceaccount:shop:checkout$/m);
  assert.match(stdout, /^aud +\["api:\/\/AzureADTokenExchange"\]$/m);
  assert.match(stdout, /^exp +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ, in (59 min \d+ s|1 h)$/m);
  assert.match(stdout, /^iat +.+Z, (\d s|less than 1 s) ago$/m);
  for (const secret of secrets) assert.ok(!stdout.includes(secret));
});

test("inspect reads a file, and the standard input, and takes a header's Bearer", async () => {
  const token = projectedToken({ exp: 1_000_000_000 });
  const { runtime } = await setUp({ file: () => token });
  const fromFile = await runCommand(["inspect", runtime.env("AZURE_FEDERATED_TOKEN_FILE")!], { runtime });
  const fromInput = await runCommand(["inspect", "-"], { input: `Bearer ${token}\n` });
  assert.match(fromFile.stdout, /^exp +2001-09-09 01:46:40Z, \d+ d( \d+ h)? ago$/m);
  assert.equal(fromInput.code, 0);
  assert.equal(fromInput.stdout, fromFile.stdout);
});

test("inspect as JSON has only header and claims", async () => {
  const { stdout } = await runCommand(["inspect", "-", "--json"], { input: projectedToken() });
  const { header, claims, ...rest } = JSON.parse(stdout);
  assert.equal(header.alg, "RS256");
  assert.equal(claims.sub, "system:serviceaccount:shop:checkout");
  assert.deepEqual(rest, {});
  assert.ok(!stdout.includes(SIGNATURE));
});

test("a text that is not a token is not repeated", async () => {
  const { code, stdout, stderr } = await runCommand(["inspect", "-"], { input: "hush-secret" });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(stderr, "workload-id: standard input does not contain a JWT\n");
});

test("a claim cannot control the terminal or begin a line", async () => {
  const claims = JSON.stringify({ "ev\u001b[2Jil": "a\u001b[31m\nb\u202e" });
  const input = projectedToken().replace(/\..+\./, `.${base64url.encode(claims)}.`);
  const { stdout } = await runCommand(["inspect", "-"], { input });
  assert.doesNotMatch(stdout, /[^\P{Cc}\n]|\p{Cf}/u);
  assert.match(stdout, /^ev \[2Jil +a \[31m b $/m);
});

test("a file that does not exist is reported", async () => {
  const { code, stderr } = await runCommand(["inspect", "/no/such/file"]);
  assert.equal(code, 1);
  assert.match(stderr, /\/no\/such\/file cannot be read: ENOENT/);
});

test("an empty standard input is reported", async () => {
  const { code, stderr } = await runCommand(["inspect", "-"], { input: "\n" });
  assert.deepEqual([code, stderr], [1, "workload-id: standard input is empty\n"]);
});
