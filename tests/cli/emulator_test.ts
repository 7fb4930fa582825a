/** `workload-id emulator` as a separate process, with programs below it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { type ChildOptions, type ChildOutcome, commandLine, runChild } from "../support/child.ts";

const CLI = "src/cli/mod.ts";
const SCOPE = "https://vault.azure.net/.default";

function emulate(args: string[], options: ChildOptions = {}): Promise<ChildOutcome> {
  return runChild(CLI, { ...options, args: ["emulator", ...args] });
}

/** Returns a shell's output of the given variables. */
const TELL =
  'cat "$AZURE_FEDERATED_TOKEN_FILE" >/dev/null && echo "$AZURE_FEDERATED_TOKEN_FILE $AZURE_AUTHORITY_HOST"';

function assertGone(tokenFile: string): void {
  assert.match(tokenFile, /\/workload-id-.+\/azure-identity-token$/);
  assert.ok(!existsSync(tokenFile.replace(/\/token\/.*/, "")), `${tokenFile} is left behind`);
}

test("a program runs with the variables of a pod, its exit code is passed on, and nothing is left", async () => {
  const { code, stdout, stderr } = await emulate(["--", "sh", "-c", `${TELL}; exit 7`]);
  assert.deepEqual([code, stderr], [7, ""]);
  const [tokenFile, authority] = stdout.trimEnd().split(" ");
  assert.match(authority!, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  assertGone(tokenFile!);
});

test("over https, a program trusts the emulator by its variables alone", async () => {
  const { code, stdout } = await emulate(["--https", "--", ...commandLine(CLI, { args: ["doctor"] })]);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^passed {7}variables .+, https:\/\/127\.0\.0\.1:\d+$/m);
  assert.match(stdout, /^passed {7}issuer {8}https:\/\/127\.0\.0\.1:\d+ publishes/m);
});

test("over https, a client that does not trust the CA rejects the emulator", async () => {
  const { code, stdout } = await emulate([
    "--https",
    "--",
    "env",
    ...["NODE_EXTRA_CA_CERTS", "DENO_CERT", "SSL_CERT_FILE"].flatMap((name) => ["-u", name]),
    ...commandLine(CLI, { args: ["doctor"] }),
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /^failed {7}authority {5}The certificate of 127\.0\.0\.1:\d+ is not trusted/m);
});

test("a subject that the application does not trust is rejected", async () => {
  const doctor = commandLine(CLI, { args: ["doctor"] });
  const { code, stdout } = await emulate([
    "--subject",
    "system:serviceaccount:shop:checkout",
    "--",
    ...doctor,
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /^failed {7}exchange .+AADSTS700213/m);
  assert.match(stdout, /--subject system:serviceaccount:default:workload/);
});

test("a fault occurs as often as requested, and --expires-in is the token's lifetime", async () => {
  const token = commandLine(CLI, { args: ["token", "--scope", SCOPE, "--output", "json"] }).join(" ");
  const { code, stdout, stderr } = await emulate(
    ["--fault", "700025", "--expires-in", "90s", "--", "sh", "-c", `${token}; echo "and then $?"; ${token}`],
  );
  assert.equal(code, 0, stderr);
  assert.match(stderr, /AADSTS700025/);
  const [first, second] = stdout.split("\n");
  assert.equal(first, "and then 1");
  const life = JSON.parse(second!).expiresOnTimestamp - Date.now();
  assert.ok(life > 60_000 && life <= 90_000, String(life));
});

test("a signal is passed on, and the program decides", async () => {
  const script = `trap 'echo heard; exit 5' TERM; ${TELL}; while :; do sleep 0.1; done`;
  let isSent = false;
  const { code, stdout } = await emulate(["--", "sh", "-c", script], {
    onOutput: (_, kill) => {
      if (!isSent) kill("SIGTERM");
      isSent = true;
    },
  });
  assert.equal(code, 5);
  const [where, heard] = stdout.split("\n");
  assert.equal(heard, "heard");
  assertGone(where!.split(" ")[0]!);
});

test("a program that a signal ends has the exit code that shells give it", async () => {
  assert.equal((await emulate(["--", "sh", "-c", "kill -9 $$"])).code, 137);
});

test("a program that does not exist has exit code 127", async () => {
  const { code, stderr } = await emulate(["--", "no-such-program"]);
  assert.equal(code, 127);
  assert.match(stderr, /no-such-program cannot be started/);
});

test("without a program it prints the variables, and Ctrl-C ends it", async () => {
  let isSent = false;
  const { code, stdout, stderr } = await emulate(["--https"], {
    onOutput: (text, kill) => {
      if (isSent || !text.includes("CURL_CA_BUNDLE")) return;
      isSent = true;
      setTimeout(() => kill("SIGINT"), 300);
    },
  });
  assert.equal(code, 0, stderr);
  const names = [...stdout.matchAll(/^export (\w+)='?[^'\n]+'?$/gm)].map(([, name]) => name);
  assert.deepEqual(names, [
    "AZURE_CLIENT_ID",
    "AZURE_TENANT_ID",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "NODE_EXTRA_CA_CERTS",
    "DENO_CERT",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
  ]);
  assertGone(/FILE='?(.+token)\b/.exec(stdout)![1]!);
});

test("the first word that is not an option starts the program", async () => {
  const { code, stdout } = await emulate(["--expires-in", "5m", "echo", "a", "--help"]);
  assert.deepEqual([code, stdout], [0, "a --help\n"]);
});

test("a program gets the variables of a virtual machine, or those of App Service", async () => {
  const show = 'echo "$AZURE_POD_IDENTITY_AUTHORITY_HOST|$IDENTITY_ENDPOINT|$IDENTITY_HEADER"';
  const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: "", IDENTITY_ENDPOINT: "", IDENTITY_HEADER: "" };
  const machine = await emulate(["--", "sh", "-c", show], { env });
  assert.match(machine.stdout, /^http:\/\/127\.0\.0\.1:\d+\|\|\n$/);
  const appService = await emulate(["--app-service", "--", "sh", "-c", show], { env });
  assert.match(appService.stdout, /^\|http:\/\/127\.0\.0\.1:\d+\/msi\/token\|[0-9a-f-]{36}\n$/);
});

test("with --verbose each request is printed on one line, whatever it contains", async () => {
  const script =
    'curl -s -o /dev/null "${AZURE_AUTHORITY_HOST}t/oauth2/v2.0/token" --data-urlencode "client_id=$(printf "a\\nb\\033[31m")"';
  const quiet = await emulate(["--", "sh", "-c", script]);
  assert.deepEqual([quiet.code, quiet.stderr], [0, ""]);
  const { stderr } = await emulate(["--verbose", "--", "sh", "-c", script]);
  assert.match(stderr, /^\S+Z POST token client=a\+b\+\[31m 400 AADSTS900144\n$/);
});

test("the projected token goes to --token-dir, with the mode of --token-mode", async () => {
  const folder = await mkdtemp(`${tmpdir()}/emulator-token-`);
  const show = 'stat -L -c %a "$AZURE_FEDERATED_TOKEN_FILE"; echo "$AZURE_FEDERATED_TOKEN_FILE"';
  const options = ["--token-dir", `${folder}/tokens`, "--token-mode", "0600"];
  const { stdout } = await emulate([...options, "--", "sh", "-c", show]);
  assert.equal(stdout, `600\n${folder}/tokens/azure-identity-token\n`);
  await rm(folder, { recursive: true });
});

test("--public-url is in the variables and in discovery", async () => {
  const script = 'echo "$AZURE_AUTHORITY_HOST $AZURE_POD_IDENTITY_AUTHORITY_HOST"';
  const { stdout } = await emulate(["--public-url", "https://entra.example:8443/", "--", "sh", "-c", script]);
  assert.equal(stdout, "https://entra.example:8443/ https://entra.example:8443\n");
  const { code, stderr } = await emulate(["--public-url", "entra.example", "--", "true"]);
  assert.equal(code, 2);
  assert.match(stderr, /--public-url must be a URL such as .+'entra\.example'/);
});

test("on an address other than loopback, it warns that the control API is disabled", async () => {
  const { code, stdout, stderr } = await emulate(["--host", "0.0.0.0", "--", "sh", "-c", TELL]);
  assert.equal(code, 0);
  assert.match(stdout, / http:\/\/127\.0\.0\.1:\d+\/$/m);
  assert.match(stderr, /warning: other machines can reach the emulator on 0\.0\.0\.0/);
  assert.match(stderr, /warning: the control API is off; pass --control-token-file/);
});

test("a port in use is reported", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port))
  );
  const { code, stdout, stderr } = await emulate(["--port", String(port), "--", "true"]);
  server.close();
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(stderr, `workload-id: port ${port} is in use: pass another --port, or leave it out\n`);
});
