import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { ClusterIssuer, ManualClock } from "../../src/testing/mod.ts";

async function published(issuer: ClusterIssuer) {
  const base = issuer.issuer.replace(/\/$/, "");
  const document = await (await issuer.fetch(`${base}/.well-known/openid-configuration`)).json();
  const jwks = await (await issuer.fetch(document.jwks_uri)).json();
  return { document, jwks };
}

test("a token verifies with the keys that the discovery document leads to", async () => {
  const clock = new ManualClock();
  const issuer = await ClusterIssuer.create({ clock });
  const { document, jwks } = await published(issuer);
  assert.equal(document.issuer, issuer.issuer);
  const { payload } = await jwtVerify(await issuer.mint(), createLocalJWKSet(jwks), {
    issuer: issuer.issuer,
    audience: "api://AzureADTokenExchange",
    currentDate: new Date(clock.now()),
  });
  assert.equal(payload.sub, "system:serviceaccount:default:workload");
});

test("a token has the claims and the header of a projected one", async () => {
  const issuer = await ClusterIssuer.create({ clock: new ManualClock() });
  const token = await issuer.mint({ namespace: "shop", serviceAccount: "checkout", lifetimeInMs: 7_200_000 });
  const { jti, "kubernetes.io": kubernetes, ...claims } = decodeJwt(token);
  const now = Date.UTC(2030, 0) / 1000;
  assert.deepEqual(claims, {
    aud: ["api://AzureADTokenExchange"],
    exp: now + 7200,
    iat: now,
    iss: issuer.issuer,
    nbf: now,
    sub: "system:serviceaccount:shop:checkout",
  });
  assert.match(jti!, /^[0-9a-f-]{36}$/);
  const { namespace, node, pod, serviceaccount } = kubernetes as Record<string, { name: string }>;
  assert.equal(namespace, "shop");
  assert.equal(serviceaccount!.name, "checkout");
  assert.ok(node!.name && pod!.name.startsWith("checkout-"));
  const { jwks } = await published(issuer);
  assert.deepEqual(decodeProtectedHeader(token), { alg: "RS256", kid: jwks.keys[0].kid });
});

test("the JWKS contains only public keys", async () => {
  const { jwks } = await published(await ClusterIssuer.create());
  assert.deepEqual(Object.keys(jwks.keys[0]).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
});

test("documents are served with the type, cache time and errors of the API server", async () => {
  const issuer = await ClusterIssuer.create();
  const base = issuer.issuer.replace(/\/$/, "");
  const get = (path: string, accept: string) => issuer.fetch(`${base}${path}`, { headers: { accept } });
  const both = "application/jwk-set+json, application/json";
  for (
    const [path, type] of [
      ["/.well-known/openid-configuration", "application/json"],
      ["/openid/v1/jwks", "application/jwk-set+json"],
    ] as const
  ) {
    for (const accept of [type, both, "*/*", "text/html, */*;q=0.8"]) {
      const response = await get(path, accept);
      assert.equal(response.status, 200, accept);
      assert.equal(response.headers.get("content-type"), type);
      assert.equal(response.headers.get("cache-control"), "public, max-age=3600");
    }
    assert.equal((await get(path, "text/html")).status, 406);
  }
  assert.equal((await get("/openid/v1/jwks", "application/json")).status, 406);
});

test("a lifetime of less than ten minutes is rejected, unless the issuer allows it", async () => {
  const issuer = await ClusterIssuer.create();
  await assert.rejects(issuer.mint({ lifetimeInMs: 599_999 }), {
    name: "RangeError",
    message: /599999 ms is shorter than 600000 ms/,
  });
  await issuer.mint({ lifetimeInMs: 600_000 });
  const lenient = await ClusterIssuer.create({ minLifetimeInMs: 0 });
  const { iat, exp } = decodeJwt(await lenient.mint({ lifetimeInMs: 5_000 }));
  assert.equal(exp! - iat!, 5);
});

test("a rotation keeps the old key, or drops it", async () => {
  const issuer = await ClusterIssuer.create();
  const first = await issuer.mint();
  await issuer.rotateKeys();
  const second = await issuer.mint();
  const both = createLocalJWKSet((await published(issuer)).jwks);
  await jwtVerify(first, both);
  await jwtVerify(second, both);

  await issuer.rotateKeys({ keepOld: false });
  const last = createLocalJWKSet((await published(issuer)).jwks);
  await jwtVerify(await issuer.mint(), last);
  await assert.rejects(jwtVerify(second, last), { code: "ERR_JWKS_NO_MATCHING_KEY" });
});

test("a forged token does not verify", async () => {
  const issuer = await ClusterIssuer.create();
  const keys = createLocalJWKSet((await published(issuer)).jwks);
  await assert.rejects(jwtVerify(await issuer.mint({ forged: true }), keys), {
    code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  });
});

test("nothing else is served, and nothing of the private key is shown", async () => {
  const issuer = await ClusterIssuer.create();
  assert.equal((await issuer.fetch(`${issuer.issuer}other`)).status, 404);
  assert.equal((await issuer.fetch("https://other.example/openid/v1/jwks")).status, 404);
  assert.doesNotMatch(inspect(issuer, { depth: 9, showHidden: true }), /CryptoKey|"?d"?:/);
});
