import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { gate, granted, Harness, rejection, respondWith, SCOPE, watch } from "../support/harness.ts";

const scopes = (count: number) => Array.from({ length: count }, (_, index) => `scope-${index}`);

/** Returns for which of the scopes a call sends a request. */
async function missing(
  harness: Harness,
  credential: WorkloadIdentityCredential,
  scopes: string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const scope of scopes) {
    const before = harness.requests.length;
    await credential.getToken(scope);
    if (harness.requests.length > before) found.push(scope);
  }
  return found;
}

describe("the least recently used token is evicted", () => {
  test("10,000 tokens are cached by default, and one more evicts the least recently used", async () => {
    const harness = new Harness();
    const credential = harness.credential();
    const keys = scopes(10_000);
    for (const scope of keys) await credential.getToken(scope);
    await credential.getToken("scope-0");
    await credential.getToken("another scope");
    assert.deepEqual(await missing(harness, credential, ["another scope", "scope-0"]), []);
    assert.deepEqual(await missing(harness, credential, keys.slice(2)), []);
    assert.deepEqual(await missing(harness, credential, ["scope-1"]), ["scope-1"]);
  });

  for (
    const [what, use] of Object.entries(
      {
        "as it was before": (credential) => credential.getToken("a"),
        "in another spelling": (credential) => credential.getToken([" A "]),
        "with the tenant": (credential) =>
          credential.getToken("a", { tenantId: "72f988bf-0000-0000-0000-2d7cd011db47" }),
        "with forceRefresh": (credential) => credential.getToken("a", { forceRefresh: true }),
      } satisfies Record<string, (credential: WorkloadIdentityCredential) => Promise<unknown>>,
    )
  ) {
    test(`a call ${what} counts as use`, async () => {
      const harness = new Harness();
      const credential = harness.credential({ maxCachedTokens: 3 });
      for (const scope of ["a", "b", "c"]) await credential.getToken(scope);
      await use(credential);
      await credential.getToken("d");
      assert.deepEqual(await missing(harness, credential, ["c", "d", "a"]), []);
      assert.deepEqual(await missing(harness, credential, ["b"]), ["b"]);
    });
  }

  test("the same call again and again counts as use, and does not return an evicted token", async () => {
    const harness = new Harness();
    const credential = harness.credential({ maxCachedTokens: 2, additionallyAllowedTenants: ["*"] });
    const [one, two, three] = ["one", "two", "three"].map((name) => ({ tenantId: `${name}.example` }));
    const token = await credential.getToken("a");
    await credential.getToken("a", one);
    for (const options of [undefined, one, undefined]) await credential.getToken("a", options);
    await credential.getToken("a", two);
    assert.equal(await credential.getToken("a"), token);
    for (const options of [two, three]) await credential.getToken("a", options);
    assert.deepEqual(await missing(harness, credential, ["a", "a"]), ["a"]);
  });

  test("a limit of one token keeps the last one", async () => {
    const harness = new Harness();
    const credential = harness.credential({ maxCachedTokens: 1 });
    await credential.getToken("a");
    await credential.getToken("b");
    assert.deepEqual(await missing(harness, credential, ["b", "a", "b", "b"]), ["a", "b"]);
  });

  test("a path of an agent identity is a separate key, with and without a tenant", async () => {
    const harness = new Harness();
    const credential = harness.credential({ maxCachedTokens: 4, additionallyAllowedTenants: ["*"] });
    const calls = ["one", "two"].flatMap((fmiPath) => [{ fmiPath }, { fmiPath, tenantId: "one.example" }]);
    const tokens = [];
    for (const options of calls) tokens.push(await credential.getToken(SCOPE, options));
    for (const [index, options] of calls.entries()) {
      assert.equal(await credential.getToken(SCOPE, options), tokens[index]);
    }
    assert.equal(harness.requests.length, 4);
    await credential.getToken(SCOPE);
    for (const options of calls.slice(1)) await credential.getToken(SCOPE, options);
    assert.equal(harness.requests.length, 5);
    await credential.getToken(SCOPE, calls[0]);
    assert.equal(harness.requests.length, 6);
  });

  test("tenants and CAE tokens count like scopes", async () => {
    const harness = new Harness();
    const credential = harness.credential({ maxCachedTokens: 2, additionallyAllowedTenants: ["*"] });
    await credential.getToken(SCOPE, { tenantId: "one.example" });
    await credential.getToken(SCOPE, { tenantId: "one.example", enableCae: true });
    await credential.getToken(SCOPE, { tenantId: "two.example" });
    assert.equal(harness.requests.length, 3);
    await credential.getToken(SCOPE, { tenantId: "one.example", enableCae: true });
    assert.equal(harness.requests.length, 3);
    await credential.getToken(SCOPE, { tenantId: "one.example" });
    assert.equal(harness.requests.length, 4);
  });

  test("after 3,000 keys are requested at once, the cache has as many tokens as its limit, and every caller has one", async () => {
    const harness = new Harness();
    const credential = harness.credential({ maxCachedTokens: 1000 });
    const keys = scopes(3000);
    const tokens = await Promise.all(keys.map((scope) => credential.getToken(scope)));
    assert.equal(new Set(tokens).size, 3000);
    // From the last one on, so that what is evicted by an exchange is not looked for later.
    const before = harness.requests.length;
    let cached = 0;
    for (const scope of keys.reverse()) {
      const sent = harness.requests.length;
      await credential.getToken(scope);
      if (harness.requests.length > sent) break;
      cached++;
    }
    assert.equal(cached, 1000);
    assert.equal(harness.requests.length, before + 1);
  });
});

test("callers join an exchange whose key is beyond the limit, and no cached token is evicted", async () => {
  const harness = new Harness();
  const credential = harness.credential({ maxCachedTokens: 1 });
  const cached = await credential.getToken("cached");
  const responded = gate();
  harness.respond = () => responded.promise.then(() => granted());
  const first = scopes(5).map((scope) => watch(credential.getToken(scope)));
  const second = scopes(5).map((scope) => watch(credential.getToken(scope)));
  await harness.clock.advance(0);
  assert.equal(harness.requests.length, 6);
  assert.equal(await credential.getToken("cached"), cached);
  responded.open();
  await harness.clock.advance(0);
  assert.deepEqual(first.map(({ value }) => value), second.map(({ value }) => value));
  assert.ok(first.every(({ state }) => state === "given"));
});

test("keys without a token evict nothing", async () => {
  const harness = new Harness();
  const credential = harness.credential({ maxCachedTokens: 2, retryOptions: { maxRetries: 0 } });
  await credential.getToken("a");
  await credential.getToken("b");
  harness.respond = () => respondWith(400, { error: "invalid_scope", error_codes: [70011] });
  for (const scope of scopes(10)) await rejection(credential.getToken(scope));
  harness.respond = () => granted();
  assert.deepEqual(await missing(harness, credential, ["a", "b"]), []);
});

describe("a call is recognized by its spelling", () => {
  test("any number of spellings leads to the same token, also after it was evicted", async () => {
    const harness = new Harness();
    const credential = harness.credential({ maxCachedTokens: 1 });
    const spellings = Array.from({ length: 20 }, (_, index) => SCOPE + " ".repeat(index));
    for (let round = 0; round < 3; round++) {
      const tokens = await Promise.all(spellings.map((spelling) => credential.getToken(spelling)));
      assert.equal(new Set(tokens).size, 1);
      assert.equal(harness.requests.length, 2 * round + 1);
      await credential.getToken("another scope");
    }
  });

  test("options and scopes that change while they are read do not change the key", async () => {
    const harness = new Harness();
    harness.respond = ({ url, form }) =>
      granted({ access_token: `${new URL(url).pathname} ${form.get("scope")}` });
    const credential = harness.credential({ additionallyAllowedTenants: ["*"] });
    const tenants = ["one.example", "two.example", "three.example", "four.example"];
    const changing = Array.from({ length: 4 }, (_, start) => {
      let reads = start;
      return {
        get tenantId() {
          return tenants[reads++ % tenants.length]!;
        },
      };
    });
    for (const options of changing) await credential.getToken(SCOPE, options);
    for (const tenantId of tenants) {
      const { token } = await credential.getToken(SCOPE, { tenantId });
      assert.equal(token, `/${tenantId}/oauth2/v2.0/token ${SCOPE}`);
    }
  });
});
