import assert from "node:assert/strict";
import { test } from "node:test";
import {
  granted,
  projectedToken,
  refused,
  rejection,
  SCOPE,
  TOKEN_FILE,
  watch,
  World,
} from "../support/harness.ts";

test("the token file is read for every exchange", async () => {
  const world = new World();
  const credential = world.credential();
  await credential.getToken(SCOPE);
  world.file = projectedToken({ jti: "rotated" });
  await credential.getToken("another");
  assert.equal(world.fileReads, 2);
  assert.equal(world.requests[1]!.form.get("client_assertion"), world.file);
});

test("a byte order mark, CRLF and spaces around the token are tolerated", async () => {
  const token = projectedToken();
  for (const text of [`\uFEFF${token}\r\n`, `  ${token}  `, `\n${token}\n\n`]) {
    const world = new World();
    world.file = text;
    await world.credential().getToken(SCOPE);
    assert.equal(world.requests[0]!.form.get("client_assertion"), token);
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
    const world = new World();
    world.file = file;
    const error = await rejection(world.credential().getToken(SCOPE));
    assert.equal(error.name, "CredentialUnavailableError");
    assert.equal(error.code, code);
    assert.ok(error.message.includes(TOKEN_FILE));
    assert.equal(error.details.tokenFilePath, TOKEN_FILE);
    assert.equal(error.cause, file instanceof Error ? file : undefined);
    assert.equal(world.requests.length, 0);
  });
}

test("a denied read names Deno's flag", async () => {
  const world = new World();
  world.file = Object.assign(new Error("Requires read access"), { name: "NotCapable" });
  const error = await rejection(world.credential().getToken(SCOPE));
  assert.ok(error.message.includes(`--allow-read=${TOKEN_FILE}`));
});

test("an exp that has passed is reported, never used to refuse", async () => {
  const world = new World();
  world.file = projectedToken({ exp: 1 });
  await world.credential().getToken(SCOPE);
  world.answer = () => refused(700016);
  const error = await rejection(world.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
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
    const world = new World();
    const stale = world.file;
    world.answer = ({ form }) => {
      world.file = projectedToken({ jti: "fresh" });
      return form.get("client_assertion") === stale ? refused(code) : granted();
    };
    const caller = watch(world.credential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE));
    await world.clock.advance(0);
    assert.equal(caller.state, "given");
    assert.deepEqual([world.requests.length, world.fileReads], [2, 2]);
  });

  test(`AADSTS${code}: unchanged, it fails at once, and the stale assertion is not sent again`, async () => {
    const world = new World();
    world.answer = () => refused(code);
    const caller = watch(world.credential().getToken(SCOPE));
    await world.clock.advance(0);
    assert.equal(caller.error.code, "entra_rejected");
    assert.deepEqual([world.requests.length, world.fileReads], [1, 2]);
  });
}

test("a file that rotates all the time gets one more try, not an endless one", async () => {
  const world = new World();
  world.answer = (_, index) => {
    world.file = projectedToken({ jti: index });
    return refused(700024);
  };
  const caller = watch(world.credential().getToken(SCOPE));
  await world.clock.advance(60_000);
  assert.equal(caller.error.code, "entra_rejected");
  assert.equal(world.requests.length, 2);
});

test("a file that cannot be read again leaves Entra's refusal to be told", async () => {
  const world = new World();
  world.answer = () => {
    world.file = new Error("gone");
    return refused(700024);
  };
  const error = await rejection(world.credential().getToken(SCOPE));
  assert.equal(error.code, "entra_rejected");
});

test("getAssertion takes the place of the file, and is told what it is for", async () => {
  const world = new World();
  delete world.env.AZURE_FEDERATED_TOKEN_FILE;
  const seen: Record<string, unknown>[] = [];
  const credential = world.credential({
    getAssertion: (context) => {
      seen.push({ ...context });
      return Promise.resolve(` ${projectedToken()}\n`);
    },
    additionallyAllowedTenants: ["other.example"],
  });
  await credential.getToken(SCOPE, { tenantId: "other.example" });
  const { signal, runtime, ...rest } = seen[0]!;
  assert.ok(signal instanceof AbortSignal);
  assert.equal(runtime, world.runtime);
  assert.deepEqual(rest, {
    tenantId: "other.example",
    clientId: world.env.AZURE_CLIENT_ID,
    authority: "https://login.microsoftonline.com",
  });
  assert.equal(world.fileReads, 0);
});

test("a getAssertion that fails or gives no JWT is assertion_callback_failed, with the cause", async () => {
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
    const world = new World();
    const error = await rejection(world.credential({ getAssertion }).getToken(SCOPE));
    assert.equal(error.code, "assertion_callback_failed");
    assert.ok(error.cause === cause || error.cause === undefined);
    assert.equal(world.requests.length, 0);
  }
});

test("an assertion that never comes ends by the attempt's deadline", async () => {
  const world = new World();
  const credential = world.credential({ getAssertion: () => new Promise(() => {}) });
  const caller = watch(credential.getToken(SCOPE));
  await world.clock.advance(10_000);
  assert.equal(caller.error.code, "timeout");
  assert.match(caller.error.message, /assertion/);
});
