/** Output of an uncaught or logged error. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { inspect } from "node:util";
import { TYPESCRIPT } from "../support/child.ts";
import { entraError, Harness, networkError, rejection, SCOPE } from "../support/harness.ts";

const ADVICE =
  /\n {2}Where: .+\n {2}Assertion: .+\n {2}Cause: .+\n {2}Fix: .+\n( {2,4}\S.*\n)*( {2}See: .+\n?)+$/;
const count = (text: string, part: string) => text.split(part).length - 1;

test("inspect shows Entra's text once, and the advice last", async () => {
  const harness = new Harness();
  harness.respond = () => entraError(700016);
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const shown = inspect(await rejection(credential.getToken(SCOPE)));
  assert.match(
    shown,
    /^CredentialUnavailableError \[entra_rejected\]: Entra rejected .+AADSTS700016: Rejected\.\n\s+at /,
  );
  assert.equal(count(shown, "AADSTS700016: Rejected"), 1);
  assert.match(shown, ADVICE);
});

test("inspect shows a foreign cause", async () => {
  const harness = new Harness();
  harness.respond = () => Promise.reject(networkError("ECONNREFUSED"));
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const shown = inspect(await rejection(credential.getToken(SCOPE)));
  assert.match(shown, /\n {2}\[cause\]: [\s\S]*fetch failed/);
  assert.match(shown, ADVICE);
});

test("JSON and loggers that read inherited members get the details, and the stack has the advice last", async () => {
  const harness = new Harness();
  harness.respond = () => entraError(700016);
  const credential = harness.credential({ retryOptions: { maxRetries: 0 } });
  const error = await rejection(credential.getToken(SCOPE));
  const { name, message, code, details } = error;
  assert.deepEqual(JSON.parse(JSON.stringify(error)), { name, message, code, details });
  const members: string[] = [];
  for (const member in error) members.push(member);
  assert.ok(members.includes("details"), members.join());
  assert.deepEqual(Object.keys(error).sort(), ["code", "name"]);
  assert.match(error.stack!, /^CredentialUnavailableError: Entra rejected .+\n\s+at /);
  assert.match(error.stack!, ADVICE);
});

test("Node prints an uncaught error's message once, and after it only the code and the cause", async () => {
  const program = "tests/behaviour/uncaught_program.ts";
  const child = spawn("node", ["--no-warnings", `--import=${TYPESCRIPT}`, program], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text);
  await new Promise((resolve) => child.on("close", resolve));
  assert.equal(count(stderr, "AADSTS700016: Rejected"), 1, stderr);
  assert.equal(count(stderr, "Fix: "), 1, stderr);
  assert.match(
    stderr,
    /\n {2}Cause: .+\n {2}Fix: .+\n( {2,4}\S.*\n)*( {2}See: .+\n)* {2}See: \S+ \{\n {2}code: 'entra_rejected',\n {2}\[cause\]: \[AuthenticationError: invalid_client \(status 401\)\] \{\n? *statusCode: 401\n? *\}\n\}\n/,
  );
});
