import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveConfig } from "../../src/core/settings/config.ts";
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
    ["AZURE_AUTHORITY_HOST", "http://127.0.0.1.example", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "http://1.127.0.0.1.example", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "http://128.0.0.1", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "https://login.example?x", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "https://login.example/?", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "https://login.example/#x", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "https://login.example/#", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "ftp://login.example", "authority_invalid"],
    ["AZURE_AUTHORITY_HOST", "ftp://localhost", "authority_invalid"],
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
    { maxConcurrentExchanges: 0 },
    { maxConcurrentExchanges: 0.5 },
    { maxConcurrentExchanges: 1001 },
    { maxConcurrentExchanges: "64" },
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

const LONGEST_TIMER = 2 ** 31 - 1;
const NUMBERS: [name: string, unset: number, min: number, max: number][] = [
  ["retryOptions.maxRetries", 3, 0, 100],
  ["retryOptions.retryDelayInMs", 1000, 0, LONGEST_TIMER],
  ["retryOptions.maxRetryDelayInMs", 64_000, 0, LONGEST_TIMER],
  ["requestTimeoutInMs", 10_000, 1, LONGEST_TIMER],
  ["maxCachedTokens", 10_000, 1, 1_000_000],
  ["maxConcurrentExchanges", 64, 1, 1000],
];
for (const [name, unset, min, max] of NUMBERS) {
  test(`${name} is ${unset} unless set, and at least ${min} and at most ${max}`, () => {
    const { runtime, clock } = new Harness();
    const [group, member] = name.replace("Options", "").split(".") as [string, string?];
    const resolve = (value?: number): unknown => {
      const options = value === undefined
        ? {}
        : member
        ? { retryOptions: { [member]: value } }
        : { [group]: value };
      const config = resolveConfig(options, runtime, clock) as unknown as Record<
        string,
        Record<string, unknown>
      >;
      return member ? config[group]![member] : config[group];
    };
    assert.deepEqual([resolve(), resolve(min), resolve(max)], [unset, min, max]);
    for (const value of [min - 1, max + 1]) {
      const message = `${name} must be a whole number from ${min} to ${max}, but is ${value}`;
      assert.throws(() => resolve(value), { name: "TypeError", message });
    }
  });
}

test("a missing setting is reported with its option, variable and fix, and on Deno with the flag", () => {
  const harness = new Harness();
  delete harness.env.AZURE_CLIENT_ID;
  const { message } = thrown(() => harness.credential());
  for (const word of ["clientId", "AZURE_CLIENT_ID", "client-id"]) assert.ok(message.includes(word));
  assert.ok(!message.includes("--allow-env"));
  Object.assign(harness.runtime, { isEnvDenied: (name: string) => name === "AZURE_CLIENT_ID" });
  assert.match(thrown(() => harness.credential()).message, /--allow-env=AZURE_CLIENT_ID/);
});

for (
  const [host, url] of [
    ["https://login.microsoftonline.us/", "https://login.microsoftonline.us"],
    ["https://login.example:8443//", "https://login.example:8443"],
    ["https://proxy.example/entra/", "https://proxy.example/entra"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://127.10.20.30:8080/", "http://127.10.20.30:8080"],
    ["http://[::1]:8080/", "http://[::1]:8080"],
  ] as const
) {
  test(`the authority ${host} is accepted`, async () => {
    const harness = new Harness();
    await harness.credential({ authorityHost: host, tenantId: "t" }).getToken(SCOPE);
    assert.equal(harness.requests[0]!.url, `${url}/t/oauth2/v2.0/token`);
  });
}

test("a file read that fails is reported by getToken, not by the constructor", async () => {
  const harness = new Harness();
  harness.file = new Error("ENOENT");
  const credential = harness.credential();
  assert.equal((await rejection(credential.getToken(SCOPE))).code, "token_file_unreadable");
});

for (
  const [options, message] of [
    [null, "options must be an object, but is null"],
    ["x", "options must be an object, but is 'x'"],
    [{ retryOptions: "x" }, "retryOptions must be an object, but is 'x'"],
    [{ retryOptions: null }, "retryOptions must be an object, but is null"],
    [{ loggingOptions: 1 }, "loggingOptions must be an object, but is 1"],
    [{ enableAzureProxy: "false" }, "enableAzureProxy must be a boolean, but is 'false'"],
    [{ enableAzureProxy: {} }, "enableAzureProxy must be a boolean, but is object"],
  ] as const
) {
  test(`options ${JSON.stringify(options)} are a TypeError that shows the required and the actual value`, () => {
    const error = thrown(() =>
      new Harness().credential(options as unknown as WorkloadIdentityCredentialOptions)
    );
    assert.equal(error.name, "TypeError");
    assert.equal(error.message, message);
  });
}

const VARIABLES = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"];

test("all missing settings are named at once, with the code of the first", () => {
  const harness = new Harness();
  for (const name of VARIABLES) delete harness.env[name];
  const error = thrown(() => harness.credential());
  assert.equal(error.code, "client_id_missing");
  assert.match(
    error.message,
    /^No client ID, tenant ID or token file: set clientId, tenantId and tokenFilePath, or AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE\. On AKS, .+label/,
  );
  assert.doesNotMatch(error.message, /empty/);
});

const ANNOTATION =
  /\. On AKS, annotate the pod's service account with azure\.workload\.identity\/client-id, /;
const LABEL = /\. On AKS, set the label azure\.workload\.identity\/use: "true" on the pod, /;
for (
  const [env, remedy] of [
    [{ AZURE_CLIENT_ID: undefined }, ANNOTATION],
    [{ AZURE_CLIENT_ID: undefined, AZURE_FEDERATED_TOKEN_FILE: undefined }, LABEL],
    [{ AZURE_CLIENT_ID: undefined, AZURE_TENANT_ID: undefined }, LABEL],
    [{ AZURE_TENANT_ID: undefined }, LABEL],
    [
      { AZURE_TENANT_ID: "", AZURE_FEDERATED_TOKEN_FILE: " " },
      /Set, but empty: AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE\. On/,
    ],
  ] as const
) {
  test(`the fix for ${JSON.stringify(Object.keys(env))} matches ${remedy.source}`, () => {
    const harness = new Harness();
    Object.assign(harness.env, env);
    assert.match(thrown(() => harness.credential()).message, remedy);
  });
}

test("with getAssertion, a missing client ID is not explained by the webhook's annotation", () => {
  const harness = new Harness();
  delete harness.env.AZURE_CLIENT_ID;
  delete harness.env.AZURE_FEDERATED_TOKEN_FILE;
  const getAssertion = () => Promise.resolve("");
  assert.match(thrown(() => harness.credential({ getAssertion })).message, LABEL);
});

test("a variable that is set, but empty, is distinguished from one that is not set", () => {
  const harness = new Harness();
  harness.env.AZURE_CLIENT_ID = " ";
  delete harness.env.AZURE_TENANT_ID;
  const error = thrown(() => harness.credential());
  assert.match(error.message, /^No client ID or tenant ID: .+\. Set, but empty: AZURE_CLIENT_ID\. /);
});

for (
  const [variable, option, code] of [
    ["AZURE_CLIENT_ID", "clientId", "client_id_invalid"],
    ["AZURE_TENANT_ID", "tenantId", "tenant_id_invalid"],
    ["AZURE_FEDERATED_TOKEN_FILE", "tokenFilePath", "token_file_path_invalid"],
    ["AZURE_AUTHORITY_HOST", "authorityHost", "authority_invalid"],
  ] as const
) {
  test(`quotes around ${variable} are named before any request`, () => {
    for (const quote of ['"', "'"]) {
      const harness = new Harness();
      harness.env[variable] = `${quote}a value${quote}`;
      const error = thrown(() => harness.credential());
      assert.equal(error.code, code);
      assert.equal(
        error.message,
        `${variable} must not be in quotes: '${quote}a value${quote}'.`,
      );
      const message = `${option} must not be in quotes: '"x"'`;
      assert.throws(() => new Harness().credential({ [option]: '"x"' }), { name: "TypeError", message });
    }
  });
}

test("an invalid variable is shown on one line, truncated, and without the user information of a URL", () => {
  const harness = new Harness();
  harness.env.AZURE_TENANT_ID = `a\nb${"c".repeat(200)}`;
  assert.equal(
    thrown(() => harness.credential()).message,
    `AZURE_TENANT_ID is neither a GUID nor a domain name: 'a b${"c".repeat(97)}...'.`,
  );
  harness.env.AZURE_TENANT_ID = "/".repeat(100);
  assert.ok(thrown(() => harness.credential()).message.endsWith(`: '${"/".repeat(100)}'.`));
  const other = new Harness();
  for (const authority of ["https://user:word@login.example", "https://user@login.example"]) {
    other.env.AZURE_AUTHORITY_HOST = authority;
    assert.equal(
      thrown(() => other.credential()).message,
      "AZURE_AUTHORITY_HOST must not contain user information: 'https://...@login.example'.",
    );
  }
});

test("a host that differs by one character from a known authority is named in the error", async () => {
  const cases: [host: string, meant: string | undefined][] = [
    ["login.microsoftonlne.com", "login.microsoftonline.com"],
    ["login.microsoftonline.com.", "login.microsoftonline.com"],
    ["login.micorsoftonline.com", "login.microsoftonline.com"],
    ["login.microsoftonline.uk", "login.microsoftonline.us"],
    ["login.example", undefined],
    ["login.microsoftonline.com", undefined],
  ];
  for (const [host, meant] of cases) {
    const harness = new Harness();
    harness.env.AZURE_AUTHORITY_HOST = `https://${host}/`;
    harness.respond = () => Promise.reject(new Error("ENOTFOUND"));
    const { message } = await rejection(
      harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE),
    );
    assert.equal(message.includes(`differs by one character from ${meant}:`), meant !== undefined, host);
  }
});

for (
  const [runtime, error] of [
    ["Node", Object.assign(new Error("EISDIR: illegal operation on a directory, read"), { code: "EISDIR" })],
    ["Bun", Object.assign(new Error("Directories cannot be read like files"), { code: "EISDIR" })],
    ["Deno", Object.assign(new Error("Is a directory (os error 21)"), { name: "IsADirectory" })],
  ] as const
) {
  test(`a directory instead of a token file is reported as a directory, from the error of ${runtime}`, async () => {
    const harness = new Harness();
    harness.file = error;
    const { code, message } = await rejection(harness.credential().getToken(SCOPE));
    assert.equal(code, "token_file_unreadable");
    assert.match(message, /^The token file path .+ is a directory, not a file\./);
    assert.match(message, /Fix: Add the file's name to the path/);
  });
}
