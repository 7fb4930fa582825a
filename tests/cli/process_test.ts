/** The command as a separate process: against servers, with files, in pipes. */
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { type ServedCluster, serveTestCluster } from "../../src/testing/mod.ts";
import { runChild } from "../support/child.ts";

const CLI = "src/cli/mod.ts";
const SCOPE = "https://vault.azure.net/.default";
let cluster: ServedCluster;
let env: Record<string, string>;

before(async () => {
  cluster = await serveTestCluster({ projectedToken: { namespace: "shop", serviceAccount: "checkout" } });
  env = { ...cluster.environment };
});
after(() => cluster.close());

test("doctor passes, in a pipe without colours, and ends by itself", async () => {
  const { code, stdout, stderr } = await runChild(CLI, { args: ["doctor"], env });
  assert.equal(stderr, "");
  assert.equal(code, 0, stdout);
  assert.equal(stdout.match(/^passed {7}/gm)?.length, 7, stdout);
  assert.match(stdout, /token file {4}.+azure-identity-token, projected by a kubelet, /);
  assert.doesNotMatch(stdout, /[^\P{Cc}\n]/u);
});

test("doctor distinguishes a regular file from a projected one", async () => {
  const path = `${cluster.volume.tokenFilePath}-copy`;
  await copyFile(cluster.volume.tokenFilePath, path);
  const plain = await runChild(CLI, { args: ["doctor"], env: { ...env, AZURE_FEDERATED_TOKEN_FILE: path } });
  assert.match(plain.stdout, /^warned {7}token file {4}.+ is a regular file, so it will not be rotated$/m);
  assert.equal(plain.code, 0);
});

test("doctor fails if Entra cannot be reached, and reports it once", async () => {
  const { code, stdout } = await runChild(CLI, {
    args: ["doctor"],
    env: { ...env, AZURE_AUTHORITY_HOST: "http://127.0.0.1:9/" },
  });
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^failed {7}authority {5}Cannot connect to 127\.0\.0\.1:9: .+\n {13}Cause: The connection/m,
  );
  assert.match(stdout, /^skipped {6}exchange$/m);
});

test("token prints what inspect reads", async () => {
  const given = await runChild(CLI, { args: ["token", "--scope", SCOPE], env });
  assert.deepEqual([given.code, given.stderr], [0, ""]);
  const read = await runChild(CLI, { args: ["inspect", "-", "--json"], env, input: given.stdout });
  assert.equal(JSON.parse(read.stdout).claims.aud, "https://vault.azure.net");
});

test("inspect of the projected token", async () => {
  const { code, stdout } = await runChild(CLI, { args: ["inspect"], env });
  assert.equal(code, 0);
  assert.match(stdout, /^sub +system:serviceaccount:shop:checkout$/m);
});

test("a usage error has exit code 2", async () => {
  const { code, stdout, stderr } = await runChild(CLI, { args: ["doctor", "--jsn"] });
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /did you mean '--json'\?/);
});

test("a broken pipe is not an error", async () => {
  const { stdout, stderr } = await runChild(CLI, { args: ["inspect"], env, closesOutput: true });
  assert.deepEqual([stdout, stderr], ["", ""]);
});
