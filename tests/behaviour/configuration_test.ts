import assert from "node:assert/strict";
import { test } from "node:test";
import type { CredentialUnavailableError, WorkloadIdentityCredentialOptions } from "../../src/core/mod.ts";
import { Harness, rejection, SCOPE } from "../support/harness.ts";

function thrown(build: () => unknown): CredentialUnavailableError {
  try {
    build();
  } catch (error) {
    return error as CredentialUnavailableError;
  }
  throw new Error("it was expected to throw");
}

for (
  const [variable, value, code] of [
    ["AZURE_CLIENT_ID", "", "client_id_missing"],
    ["AZURE_TENANT_ID", "", "tenant_id_missing"],
    ["AZURE_FEDERATED_TOKEN_FILE", " ", "token_file_path_missing"],
    ["AZURE_TENANT_ID", "not/valid", "tenant_id_invalid"],
    ["AZURE_TENANT_ID", "common", "tenant_id_invalid"],
    ["AZURE_AUTHORITY_HOST", "login.microsoftonline.com", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "http://login.microsoftonline.com", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "http://localhost.example", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "https://user:pass@login.example", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "https://login.example?x", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "https://login.example/#", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "ftp://login.example", "authority_invalid"],
  ] as const
) {
  test(`${variable}=${JSON.stringify(value)} is ${code} from the constructor`, () => {
    const harness = new Harness();
    harness.env[variable] = value;
    const error = thrown(() => harness.credential());
    assert.equal(error.name, "CredentialUnavailableError");
    assert.equal(error.code, code);
    assert.ok(error.message.includes(variable));
    assert.ok(!error.message.includes("pass"));
  });
}

for (
  const options of [
    { tenantId: "not/valid" },
    { tenantId: "consumers" },
    { tenantId: 7 },
    { clientId: {} },
    { tokenFilePath: [] },
    { authorityHost: "http://example.com" },
    { authorityHost: "nowhere" },
    { additionallyAllowedTenants: "t" },
    { additionallyAllowedTenants: ["a/b"] },
    { getAssertion: "eyJ" },
    { fetch: {} },
    { onEvent: "log" },
    { requestTimeoutInMs: 0 },
    { requestTimeoutInMs: 1.5 },
    { requestTimeoutInMs: "10" },
    { maxCachedTokens: 0 },
    { maxCachedTokens: 1.5 },
    { maxCachedTokens: 1_000_001 },
    { maxCachedTokens: "10" },
    { retryOptions: { maxRetries: -1 } },
    { retryOptions: { maxRetries: 101 } },
    { retryOptions: { retryDelayInMs: NaN } },
    { retryOptions: { maxRetryDelayInMs: Infinity } },
  ]
) {
  test(`the option ${JSON.stringify(options)} is a TypeError that names it`, () => {
    const error = thrown(() =>
      new Harness().credential(options as unknown as WorkloadIdentityCredentialOptions)
    );
    assert.ok(error instanceof TypeError);
    assert.ok(error.message.startsWith(Object.keys(options)[0]!));
  });
}

test("what is missing names option, variable and remedy, and on Deno the flag", () => {
  const harness = new Harness();
  delete harness.env.AZURE_CLIENT_ID;
  const { message } = thrown(() => harness.credential());
  for (const word of ["clientId", "AZURE_CLIENT_ID", "webhook"]) assert.ok(message.includes(word));
  assert.ok(!message.includes("--allow-env"));
  Object.assign(harness.runtime, { name: "deno" });
  assert.match(thrown(() => harness.credential()).message, /--allow-env=AZURE_CLIENT_ID/);
});

for (
  const [host, url] of [
    ["https://login.microsoftonline.us/", "https://login.microsoftonline.us"],
    ["https://login.example:8443//", "https://login.example:8443"],
    ["https://proxy.example/entra/", "https://proxy.example/entra"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://127.0.0.2:8080/", "http://127.0.0.2:8080"],
    ["http://[::1]:8080/", "http://[::1]:8080"],
  ] as const
) {
  test(`the authority ${host} is taken`, async () => {
    const harness = new Harness();
    await harness.credential({ authorityHost: host, tenantId: "t" }).getToken(SCOPE);
    assert.equal(harness.requests[0]!.url, `${url}/t/oauth2/v2.0/token`);
  });
}

test("a file read that fails is told by getToken, not by the constructor", async () => {
  const harness = new Harness();
  harness.file = new Error("ENOENT");
  const credential = harness.credential();
  assert.equal((await rejection(credential.getToken(SCOPE))).code, "token_file_unreadable");
});

for (
  const [options, message] of [
    [null, "options: must be an object"],
    ["x", "options: must be an object"],
    [{ retryOptions: "x" }, "retryOptions: must be an object"],
    [{ retryOptions: null }, "retryOptions: must be an object"],
    [{ loggingOptions: 1 }, "loggingOptions: must be an object"],
    [{ enableAzureProxy: "false" }, "enableAzureProxy: must be a boolean"],
  ] as const
) {
  test(`options ${JSON.stringify(options)} are a TypeError that says what they must be`, () => {
    const error = thrown(() =>
      new Harness().credential(options as unknown as WorkloadIdentityCredentialOptions)
    );
    assert.equal(error.name, "TypeError");
    assert.equal(error.message, message);
  });
}
