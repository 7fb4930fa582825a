/** The authorised fetch against servers on loopback, with tokens of the emulator. */
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, it } from "node:test";
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { type AuthorizedFetch, BodyNotReplayableError, createAuthorizedFetch } from "../../src/fetch/mod.ts";
import type { FetchInput } from "../../src/fetch/mod.ts";
import { createTestCluster, type TestCluster } from "../../src/testing/mod.ts";
import { ManualClock } from "../../src/testing/mod.ts";
import { type SeenRequest, serve } from "../support/http_service.ts";

const SCOPE = "https://graph.microsoft.com/.default";
const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
const CHALLENGE = `Basic realm="a, b", Bearer error="insufficient_claims", claims="${btoa(CLAIMS)}"`;

/** Rejects the first `times` requests. */
function rejectFirst(
  times: number,
  challenge = "Bearer",
): (request: SeenRequest, response: ServerResponse) => void {
  let left = times;
  return (_, response) => {
    if (left-- > 0) response.writeHead(401, { "www-authenticate": challenge }).end("rejected");
    else response.end("welcome");
  };
}

const cluster: TestCluster = await createTestCluster({ clock: new ManualClock() });

function setUp(
  options: { fetch?: AuthorizedFetch } = {},
): { api: AuthorizedFetch; exchanges(): readonly string[] } {
  const { emulator, pod } = cluster;
  const before = emulator.requests.length;
  const credential = new WorkloadIdentityCredential({}, pod);
  return {
    api: createAuthorizedFetch(credential, SCOPE, options),
    exchanges: () => emulator.requests.slice(before).map(({ form }) => form.claims ?? ""),
  };
}

describe("an authorised fetch", () => {
  it("adds the token, and keeps the rest of the request as it is", async (t) => {
    const server = await serve(t, (_, response) => response.end("welcome"));
    const { api, exchanges } = setUp();
    const calls: [FetchInput, RequestInit?][] = [
      [`${server.url}/text`, { method: "PUT", headers: { "X-Own": "1" }, body: "b" }],
      [new URL(`${server.url}/url`), { method: "PUT", headers: [["x-own", "1"]], body: new Blob(["b"]) }],
      [new Request(`${server.url}/request`, { method: "PUT", headers: { "x-own": "1" }, body: "b" })],
    ];
    for (const call of calls) {
      const response = await api(...call);
      assert.equal(await response.text(), "welcome");
    }
    assert.deepEqual(server.seen.map(({ url }) => url.pathname), ["/text", "/url", "/request"]);
    for (const { method, body, headers } of server.seen) {
      assert.deepEqual([method, body, headers["x-own"]], ["PUT", "b", "1"]);
      assert.match(headers.authorization!, /^Bearer ey[\w-]+\.[\w-]+\.[\w-]+$/);
    }
    assert.equal(new Set(server.seen.map(({ headers }) => headers.authorization)).size, 1);
    assert.equal(exchanges().length, 1);
  });

  it("announces that it handles claims challenges", async (t) => {
    const server = await serve(t, (_, response) => response.end());
    const { api, exchanges } = setUp();
    await api(server.url);
    assert.deepEqual(JSON.parse(exchanges()[0]!), { access_token: { xms_cc: { values: ["cp1"] } } });
  });

  it("does not change a request that has its own Authorization", async (t) => {
    const server = await serve(t, (_, response) => response.writeHead(401).end());
    const { api, exchanges } = setUp();
    await api(server.url, { headers: { AUTHORIZATION: "Basic eA==" } });
    await api(new Request(server.url, { headers: { authorization: "Basic eA==" } }));
    assert.deepEqual(server.seen.map(({ headers }) => headers.authorization), ["Basic eA==", "Basic eA=="]);
    assert.equal(exchanges().length, 0);
  });

  it("sends the token neither over http nor to a name that only resembles a loopback name", async () => {
    const { api, exchanges } = setUp({ fetch: () => assert.fail("it was sent") });
    const urls = ["http://graph.microsoft.com/", "http://localhost.example/", "http://127.0.0.1.example/"];
    for (const url of [...urls, "data:,x", "ftp://localhost/"]) {
      await assert.rejects(api(url), { name: "TypeError", message: /over https or to a loopback/ }, url);
      await assert.rejects(api(new URL(url)), TypeError);
    }
    assert.equal(exchanges().length, 0);
  });

  it("does not send the token to another origin after a redirect, and ignores a 401 from there", async (t) => {
    const other = await serve(t, rejectFirst(Infinity, CHALLENGE));
    const server = await serve(t, ({ url: { pathname } }, response) => {
      if (pathname === "/same") response.writeHead(302, { location: "/end" }).end();
      else if (pathname === "/other") response.writeHead(307, { location: other.url }).end();
      else if (pathname === "/name") {
        response.writeHead(302, { location: other.url.replace("127.0.0.1", "localhost") }).end();
      } else response.end();
    });
    const { api, exchanges } = setUp();
    assert.equal((await api(`${server.url}/same`)).status, 200);
    assert.match(server.seen.at(-1)!.headers.authorization!, /^Bearer /);
    assert.equal((await api(`${server.url}/other`, { method: "POST", body: "b" })).status, 401);
    assert.equal((await api(`${server.url}/name`)).status, 401);
    assert.deepEqual(other.seen.map(({ headers }) => headers.authorization), [undefined, undefined]);
    assert.equal(exchanges().length, 1);
  });

  it("responds to a claims challenge with a token that has the claims, and sends once more", async (t) => {
    const server = await serve(t, rejectFirst(1, CHALLENGE));
    const { api, exchanges } = setUp();
    const response = await api(server.url, { method: "POST", body: "b" });
    assert.equal(await response.text(), "welcome");
    assert.deepEqual(server.seen.map(({ body }) => body), ["b", "b"]);
    assert.notEqual(server.seen[0]!.headers.authorization, server.seen[1]!.headers.authorization);
    const { access_token } = JSON.parse(exchanges()[1]!);
    assert.deepEqual(access_token, {
      nbf: { essential: true, value: "1604106651" },
      xms_cc: { values: ["cp1"] },
    });
    await api(server.url);
    assert.equal(
      server.seen[2]!.headers.authorization,
      server.seen[1]!.headers.authorization,
      "the new token has taken the old one's place",
    );
  });

  it("responds to a plain 401 with a newly issued token, once", async (t) => {
    const server = await serve(t, rejectFirst(1));
    const { api, exchanges } = setUp();
    assert.equal(await (await api(server.url)).text(), "welcome");
    assert.notEqual(server.seen[0]!.headers.authorization, server.seen[1]!.headers.authorization);
    assert.equal(exchanges().length, 2);
  });

  it("returns the second 401, and requests no other token for the same rejection", async (t) => {
    for (const challenge of ["Bearer", CHALLENGE]) {
      const server = await serve(t, rejectFirst(Infinity, challenge));
      const { api, exchanges } = setUp();
      const first = await api(server.url);
      assert.deepEqual([first.status, await first.text(), server.seen.length], [401, "rejected", 2]);
      for (let call = 0; call < 3; call++) {
        const later = await api(server.url);
        assert.deepEqual([later.status, await later.text()], [401, "rejected"]);
      }
      assert.deepEqual([server.seen.length, exchanges().length], [5, 2]);
    }
  });

  it("lets callers that are rejected together share one new token", async (t) => {
    let stale: string | undefined;
    const server = await serve(t, ({ headers: { authorization } }, response) => {
      stale ??= authorization;
      if (authorization === stale) response.writeHead(401, { "www-authenticate": CHALLENGE }).end();
      else response.end("welcome");
    });
    const { api, exchanges } = setUp();
    const responses = await Promise.all(Array.from({ length: 20 }, () => api(server.url)));
    assert.deepEqual(
      new Set(await Promise.all(responses.map((response) => response.text()))),
      new Set(["welcome"]),
    );
    assert.equal(exchanges().length, 2);
  });

  it("replays every body that is not a stream", async (t) => {
    const form = new FormData();
    form.set("name", "value");
    const bodies: [BodyInit, string | RegExp][] = [
      ["text", "text"],
      [new TextEncoder().encode("bytes"), "bytes"],
      [new TextEncoder().encode("buffer").buffer, "buffer"],
      [new Blob(["blob"]), "blob"],
      [new URLSearchParams({ a: "b" }), "a=b"],
      [form, /name="name"\r\n\r\nvalue/],
    ];
    for (const [body, expected] of bodies) {
      for (const asRequest of [false, true]) {
        const server = await serve(t, rejectFirst(1));
        const { api } = setUp();
        const init = { method: "POST", body };
        const response = asRequest ? await api(new Request(server.url, init)) : await api(server.url, init);
        assert.equal(await response.text(), "welcome");
        assert.equal(server.seen.length, 2);
        for (const seen of server.seen) {
          if (typeof expected === "string") assert.equal(seen.body, expected);
          else assert.match(seen.body, expected);
        }
      }
    }
  });

  it("rejects if a stream would have to be sent again; the next call uses the new token", async (t) => {
    const server = await serve(t, rejectFirst(1, CHALLENGE));
    const { api } = setUp();
    const post = () => {
      const body = new Blob(["stream"]).stream();
      return api(server.url, { method: "POST", body, duplex: "half" } as RequestInit);
    };
    await assert.rejects(post(), (error) => {
      assert.ok(error instanceof BodyNotReplayableError);
      assert.equal(error.code, "body_not_replayable");
      assert.match(error.message, /body is a stream/);
      assert.equal(error.response.status, 401);
      assert.deepEqual(Object.keys(error).includes("response"), false);
      return true;
    });
    assert.equal(server.seen.length, 1);
    assert.equal(await (await post()).text(), "welcome");
    assert.equal(server.seen[1]!.body, "stream");
  });

  it("returns the first response if Entra has no other token", async (t) => {
    const server = await serve(t, rejectFirst(Infinity));
    const { api } = setUp();
    await api(server.url);
    const same = createAuthorizedFetch(
      { getToken: () => Promise.resolve({ token: "t", expiresOnTimestamp: Infinity }) },
      SCOPE,
    );
    const before = server.seen.length;
    const response = await same(server.url);
    assert.deepEqual([response.status, await response.text(), server.seen.length], [
      401,
      "rejected",
      before + 1,
    ]);
  });

  it("passes on the credential's rejection of the claims", async (t) => {
    const server = await serve(t, rejectFirst(Infinity, CHALLENGE));
    const { api } = setUp();
    cluster.emulator.failNext({}, { code: 53003 });
    await assert.rejects(api(server.url), { name: "CredentialUnavailableError", code: "entra_rejected" });
    assert.equal(server.seen.length, 1);
  });

  it("fails if the credential returns no token", async () => {
    const none = createAuthorizedFetch({ getToken: () => Promise.resolve(null) }, [SCOPE]);
    await assert.rejects(none("https://graph.microsoft.com/"), /no usable token for https:\/\/graph/);
  });

  it("ends with its caller's signal, while it waits for the token too", async () => {
    const { api } = setUp();
    cluster.emulator.failNext({ delayInMs: Infinity }, { delayInMs: Infinity });
    for (const asRequest of [false, true]) {
      const controller = new AbortController();
      const { signal } = controller;
      const url = "https://graph.microsoft.com/";
      const call = asRequest ? api(new Request(url, { signal })) : api(url, { signal });
      setTimeout(() => controller.abort(new Error("enough")), 20);
      await assert.rejects(call, /enough/);
    }
  });
});
