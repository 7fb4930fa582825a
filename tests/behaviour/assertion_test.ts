import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AssertionContext,
  CredentialUnavailableError,
  type FetchResponse,
  WorkloadIdentityCredential,
} from "../../src/core/mod.ts";
import {
  entraError,
  gate,
  granted,
  Harness,
  projectedToken,
  rejection,
  SCOPE,
  TOKEN_FILE,
  watch,
} from "../support/harness.ts";

test("the token file is read for every exchange", async () => {
  const harness = new Harness();
  const credential = harness.credential();
  await credential.getToken(SCOPE);
  harness.file = projectedToken({ jti: "rotated" });
  await credential.getToken("another");
  assert.equal(harness.fileReads, 2);
  assert.equal(harness.requests[1]!.form.get("client_assertion"), harness.file);
});

test("a byte order mark, CRLF and spaces around the token are tolerated", async () => {
  const token = projectedToken();
  for (const text of [`\uFEFF${token}\r\n`, `  ${token}  `, `\n${token}\n\n`]) {
    const harness = new Harness();
    harness.file = text;
    await harness.credential().getToken(SCOPE);
    assert.equal(harness.requests[0]!.form.get("client_assertion"), token);
  }
});

for (
  const [code, file] of [
    ["token_file_empty", ""],
    ["token_file_empty", " \r\n"],
    ["token_file_too_large", "a".repeat(64 * 1024 + 1)],
    ["token_file_not_a_jwt", "just text"],
    ["token_file_not_a_jwt", JSON.stringify({ token: projectedToken() })],
    ["token_file_not_a_jwt", "a.b"],
    ["token_file_not_a_jwt", "a.b.c.d.e"],
    ["token_file_not_a_jwt", "a..c"],
    ["token_file_not_a_jwt", "a.b c.d"],
    ["token_file_unreadable", Object.assign(new Error("no such file"), { code: "ENOENT" })],
    ["permission_denied", Object.assign(new Error("Requires read access"), { name: "NotCapable" })],
  ] as const
) {
  test(`a token file of ${String(file).slice(0, 20)}: ${code}, and nothing is sent`, async () => {
    const harness = new Harness();
    harness.file = file;
    const failure = rejection(harness.credential().getToken(SCOPE));
    await harness.clock.advance(50);
    const error = await failure;
    assert.equal(error.name, "CredentialUnavailableError");
    assert.equal(error.code, code);
    assert.ok(error.message.includes(TOKEN_FILE));
    assert.equal(error.details.tokenFilePath, TOKEN_FILE);
    assert.equal(
      (error.cause as Error | undefined)?.message,
      file instanceof Error ? file.message : undefined,
    );
    assert.equal(harness.requests.length, 0);
  });
}

test("a token file that is missing for a moment is read again after 50 ms", async () => {
  const harness = new Harness();
  const content = harness.file;
  harness.file = Object.assign(new Error("no such file"), { code: "ENOENT" });
  const caller = watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(49);
  harness.file = content;
  assert.deepEqual([caller.state, harness.fileReads], ["pending", 1]);
  await harness.clock.advance(1);
  assert.equal(caller.state, "given");
  assert.equal(harness.fileReads, 2);
});

test("a token file that stays missing is not read a third time, and an abort ends the wait for the second", async () => {
  const harness = new Harness();
  harness.file = Object.assign(new Error("no such file"), { code: "ENOENT" });
  const caller = watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(3_600_000);
  assert.equal(caller.error.code, "token_file_unreadable");
  assert.equal(harness.fileReads, 2);
  const controller = new AbortController();
  const other = watch(harness.credential().getToken(SCOPE, { abortSignal: controller.signal }));
  await harness.clock.advance(0);
  controller.abort();
  await harness.clock.advance(0);
  assert.equal(other.error.name, "AbortError");
  assert.equal(harness.clock.pendingTimers, 0);
});

test("exchanges share a running read, and those that Entra rejects share a read that starts afterwards", async () => {
  const harness = new Harness();
  const reads: ReturnType<typeof gate<string>>[] = [];
  const readTextFile = () => {
    reads.push(gate<string>());
    return reads.at(-1)!.promise;
  };
  const fresh = projectedToken({ jti: "fresh" });
  harness.respond = ({ form }) => form.get("client_assertion") === fresh ? granted() : entraError(700024);
  const credential = new WorkloadIdentityCredential({}, { ...harness.runtime, readTextFile });
  const callers = [1, 2, 3].map((tenth) => watch(credential.getToken(`https://${tenth}.example/.default`)));
  await harness.clock.advance(0);
  assert.equal(reads.length, 1);
  reads[0]!.open(projectedToken());
  await harness.clock.advance(0);
  assert.deepEqual([harness.requests.length, reads.length], [3, 2]);
  reads[1]!.open(fresh);
  await harness.clock.advance(0);
  assert.equal(reads.length, 3, "the first rejection started one, and the others came after its start");
  reads[2]!.open(fresh);
  await harness.clock.advance(0);
  assert.deepEqual(callers.map(({ state }) => state), ["given", "given", "given"]);
  assert.deepEqual([harness.requests.length, reads.length], [6, 3]);
});

for (const source of ["file", "callback"] as const) {
  test(`a read that started before Entra rejected the assertion does not satisfy the next one: ${source}`, async () => {
    const harness = new Harness();
    const reads: ReturnType<typeof gate<string>>[] = [];
    const readTextFile = () => {
      reads.push(gate<string>());
      return reads.at(-1)!.promise;
    };
    const response = gate<FetchResponse>();
    harness.respond = (_, index) => index === 0 ? response.promise : granted();
    const getAssertion = ({ readTextFile }: AssertionContext) => readTextFile(TOKEN_FILE);
    const credential = new WorkloadIdentityCredential(source === "callback" ? { getAssertion } : {}, {
      ...harness.runtime,
      readTextFile,
    });
    const rejected = watch(credential.getToken("https://one.example/.default"));
    await harness.clock.advance(0);
    reads[0]!.open(projectedToken());
    await harness.clock.advance(0);
    const other = watch(credential.getToken("https://two.example/.default"));
    await harness.clock.advance(0);
    response.open(entraError(700024));
    await harness.clock.advance(0);
    assert.equal(reads.length, 2, "the second exchange still reads");
    reads[1]!.open(projectedToken({ jti: "old" }));
    await harness.clock.advance(0);
    assert.equal(other.state, "given");
    assert.equal(rejected.state, "pending");
    reads[2]!.open(projectedToken({ jti: "new" }));
    await harness.clock.advance(0);
    assert.equal(rejected.state, "given");
    assert.equal(harness.requests.at(-1)!.form.get("client_assertion"), projectedToken({ jti: "new" }));
  });
}

test("a denied read names Deno's flag", async () => {
  const harness = new Harness();
  harness.file = Object.assign(new Error("Requires read access"), { name: "NotCapable" });
  const error = await rejection(harness.credential().getToken(SCOPE));
  assert.ok(error.message.includes(`--allow-read=${TOKEN_FILE}`));
});

test("an exp that has passed is reported, and the assertion is sent anyway", async () => {
  const harness = new Harness();
  harness.file = projectedToken({ exp: 1 });
  await harness.credential().getToken(SCOPE);
  harness.respond = () => entraError(700016);
  const error = await rejection(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
  assert.deepEqual(error.details.assertion, {
    iss: "https://oidc.example/cluster/",
    sub: "system:serviceaccount:shop:checkout",
    aud: ["api://AzureADTokenExchange"],
    iat: 1_893_456_000,
    exp: 1,
    alg: "RS256",
  });
});

for (const code of [700024, 50027, 700027, 7000272]) {
  test(`AADSTS${code}: the file is read again; changed, one more try at once`, async () => {
    const harness = new Harness();
    const stale = harness.file;
    harness.respond = ({ form }) => {
      harness.file = projectedToken({ jti: "fresh" });
      return form.get("client_assertion") === stale ? entraError(code) : granted();
    };
    const caller = watch(harness.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
    await harness.clock.advance(0);
    assert.equal(caller.state, "given");
    assert.deepEqual([harness.requests.length, harness.fileReads], [2, 2]);
  });

  test(`AADSTS${code}: unchanged, it fails at once, and the stale assertion is not sent again`, async () => {
    const harness = new Harness();
    harness.respond = () => entraError(code);
    const caller = watch(harness.credential().getToken(SCOPE));
    await harness.clock.advance(0);
    assert.equal(caller.error.code, "entra_rejected");
    assert.deepEqual([harness.requests.length, harness.fileReads], [1, 2]);
  });
}

test("a file that rotates all the time gets one more attempt, not an endless number", async () => {
  const harness = new Harness();
  harness.respond = (_, index) => {
    harness.file = projectedToken({ jti: index });
    return entraError(700024);
  };
  const caller = watch(harness.credential().getToken(SCOPE));
  await harness.clock.advance(60_000);
  assert.equal(caller.error.code, "entra_rejected");
  assert.equal(harness.requests.length, 2);
});

test("if the file cannot be read again, the error is Entra's rejection", async () => {
  const harness = new Harness();
  harness.respond = () => {
    harness.file = new Error("gone");
    return entraError(700024);
  };
  const error = await rejection(harness.credential().getToken(SCOPE));
  assert.equal(error.code, "entra_rejected");
});

test("getAssertion is used instead of the file, and receives the request and the runtime's functions", async () => {
  const harness = new Harness();
  delete harness.env.AZURE_FEDERATED_TOKEN_FILE;
  const seen: AssertionContext[] = [];
  const credential = harness.credential({
    getAssertion: (context) => {
      seen.push(context);
      return Promise.resolve(` ${projectedToken()}\n`);
    },
    additionallyAllowedTenants: ["other.example"],
  });
  await credential.getToken(SCOPE, { tenantId: "other.example" });
  const { signal, readTextFile, env, fetch, sleep, liftDeadline, ...rest } = seen[0]!;
  assert.ok(signal instanceof AbortSignal);
  assert.equal(env("AZURE_CLIENT_ID"), harness.env.AZURE_CLIENT_ID);
  assert.ok([readTextFile, fetch, sleep, liftDeadline].every((member) => typeof member === "function"));
  assert.deepEqual(rest, {
    wasRejected: false,
    runtimeName: "test",
    tenantId: "other.example",
    clientId: harness.env.AZURE_CLIENT_ID,
    authority: "https://login.microsoftonline.com",
  });
  assert.equal(harness.fileReads, 0);
});

test("an error of this package that getAssertion throws keeps its code and its first line", async () => {
  for (
    const [details, reason] of [
      [{}, "no token"],
      [{ clientId: "c" }, "The token request for the assertion failed (client c): no token"],
    ] as const
  ) {
    const thrown = new CredentialUnavailableError("no token.\n  Cause: none", "entra_throttled", details);
    const credential = new Harness().credential({ getAssertion: () => Promise.reject(thrown) });
    const { code, message } = await rejection(credential.getToken(SCOPE));
    assert.equal(code, "entra_throttled");
    assert.equal(message.split("\n")[0], `${reason}.`);
  }
});

test("the sleep of getAssertion's context takes its time", async () => {
  const harness = new Harness();
  const getAssertion = async ({ sleep }: AssertionContext) => {
    await sleep(500);
    return projectedToken();
  };
  const caller = watch(harness.credential({ getAssertion }).getToken(SCOPE));
  await harness.clock.advance(499);
  assert.equal(caller.state, "pending");
  await harness.clock.advance(1);
  assert.equal(caller.state, "given");
});

test("a byte order mark inside a token makes it invalid", async () => {
  const harness = new Harness();
  harness.file = "a.b\uFEFF.c";
  assert.equal((await rejection(harness.credential().getToken(SCOPE))).code, "token_file_not_a_jwt");
});

test("a getAssertion that fails or returns no JWT is assertion_callback_failed, with the cause", async () => {
  const cause = new Error("the metadata server said no");
  for (
    const getAssertion of [
      () => Promise.reject(cause),
      () => {
        throw cause;
      },
      () => Promise.resolve(""),
      () => Promise.resolve("not a jwt"),
      () => Promise.resolve(undefined as unknown as string),
    ]
  ) {
    const harness = new Harness();
    const error = await rejection(harness.credential({ getAssertion }).getToken(SCOPE));
    assert.equal(error.code, "assertion_callback_failed");
    assert.ok(error.cause === undefined || (error.cause as Error).message === cause.message);
    assert.equal(harness.requests.length, 0);
  }
});

test("a getAssertion that never settles is ended by the attempt's deadline", async () => {
  const harness = new Harness();
  const credential = harness.credential({ getAssertion: () => new Promise(() => {}) });
  const caller = watch(credential.getToken(SCOPE));
  await harness.clock.advance(10_000);
  assert.equal(caller.error.code, "timeout");
  assert.match(caller.error.message, /assertion/);
});
