/** The library's diagnosis of every misconfiguration. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { CredentialUnavailableError, WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { MISCONFIGURATIONS } from "./misconfigurations.ts";
import { setUp } from "./pod.ts";

for (const [what, setup, expected] of MISCONFIGURATIONS) {
  test(`${what}: the error says ${expected.name} and how to fix it`, async () => {
    const { runtime, secrets } = await setUp(setup);
    const error = await (async () => {
      const credential = new WorkloadIdentityCredential(
        { retryOptions: { maxRetries: 0 }, ...setup.options },
        runtime,
      );
      await credential.getToken(setup.scope ?? "https://vault.azure.net/.default");
    })().then(() => assert.fail("it must fail"), (reason) => reason);
    assert.ok(error instanceof CredentialUnavailableError, String(error));
    assert.equal(error.code, expected.code);
    const printed = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
    for (const secret of secrets) assert.ok(!printed.includes(secret), secret);

    const { diagnosis, assertion } = error.details;
    if (expected.check === "variables") {
      assert.equal(diagnosis, undefined);
      assert.match(error.message, expected.cause);
      return assert.match(error.message, expected.fix);
    }
    assert.ok(diagnosis);
    assert.equal(diagnosis.name, expected.name);
    assert.match(diagnosis.cause, expected.cause);
    assert.match(diagnosis.fix, expected.fix);
    if (expected.also) assert.match([...diagnosis.commands, ...diagnosis.notes].join("\n"), expected.also);
    assert.match(diagnosis.source, /^https:\/\//);
    const suggested = [diagnosis.fix, ...diagnosis.commands].join(" ").match(/api:\/\/[\w-]+/g) ?? [];
    const admitted = ["api://AzureADTokenExchange", assertion?.aud].flat();
    assert.deepEqual(suggested.filter((audience) => !admitted.includes(audience)), []);
    assert.doesNotMatch(printed, /\{\w+\}|undefined/);

    const lines = error.message.split("\n");
    const asserted = assertion
      ? [/^ {2}Assertion: issuer .+, subject .+, audience .+, (valid .+|without an expiry time)$/]
      : [];
    for (
      const [index, line] of [/\.$/, /^ {2}Where: https:.+ tenant .+ client .+Z$/, ...asserted].entries()
    ) {
      assert.match(lines[index]!, line);
    }
    assert.equal(lines[2 + asserted.length], `  Cause: ${diagnosis.cause}`);
    assert.equal(lines[3 + asserted.length], `  Fix: ${diagnosis.fix}`);
    assert.equal(lines.at(-1), `  See: ${diagnosis.source}`);
  });
}
