/** Changes that a caller makes after the call of an authorised fetch have no effect on the request. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AccessToken, createAuthorizedFetch, type FetchInput } from "../../src/fetch/mod.ts";
import { gate } from "../support/harness.ts";
import { type SeenRequest, serve } from "../support/http_service.ts";

const SCOPE = "https://graph.microsoft.com/.default";
const ELSEWHERE = "http://elsewhere.example/other?query";

/** A credential whose next token arrives when the test lets it. */
class SlowCredential {
  readonly scopes: (string | string[])[] = [];
  #gates: ReturnType<typeof gate<void>>[] = [];
  #asked = gate();

  async getToken(scopes: string | string[]): Promise<AccessToken> {
    const held = gate();
    this.#gates.push(held);
    this.#asked.open();
    await held.promise;
    this.scopes.push(scopes);
    return { token: `token-${this.scopes.length}`, expiresOnTimestamp: Infinity };
  }

  /** Changes something while a call waits for its token, and then lets the token arrive. */
  async change(body: () => void): Promise<void> {
    await this.#asked.promise;
    this.#asked = gate();
    body();
    this.#gates.shift()!.open();
  }
}

function describeRequest({ method, url, headers, body }: SeenRequest) {
  return [method, url.pathname, headers["x-own"], headers.authorization, body];
}

/** Each returns a call, and what its caller changes while it waits. */
const CALLS: Record<string, (url: string) => [FetchInput, RequestInit | undefined, () => void]> = {
  "a URL object": (url) => {
    const input = new URL(url);
    const init = { method: "PUT", headers: { "x-own": "1" }, body: "body" };
    return [input, init, () => input.href = ELSEWHERE];
  },
  "an object that becomes a URL": (url) => {
    let text = url;
    const input = { toString: () => text } as unknown as URL;
    const init = { method: "PUT", headers: { "x-own": "1" }, body: "body" };
    return [input, init, () => text = ELSEWHERE];
  },
  "an init object": (url) => {
    const headers = new Headers({ "x-own": "1" });
    const init: RequestInit = { method: "PUT", headers, body: "body" };
    return [url, init, () => {
      headers.set("x-own", "2");
      headers.set("authorization", "Bearer other");
      Object.assign(init, { method: "DELETE", headers: {}, body: "other", redirect: "error" });
    }];
  },
  "an init object with inherited members": (url) => {
    const members = { method: "PUT", body: "body" };
    const init = Object.assign(Object.create(members), { headers: { "x-own": "1" } });
    return [url, init, () => members.method = "DELETE"];
  },
  "a Request": (url) => {
    const input = new Request(url, { method: "PUT", headers: { "x-own": "1" }, body: "body" });
    return [input, undefined, () => {
      input.headers.set("x-own", "2");
      input.text().catch(() => {});
    }];
  },
  "an object like a Request": (url) => {
    const request = new Request(url, { method: "PUT", headers: { "x-own": "1" }, body: "body" });
    let address = url;
    const input = Object.defineProperty(request, "url", { get: () => address });
    return [input, undefined, () => address = ELSEWHERE];
  },
  "bytes": (url) => {
    const body = new TextEncoder().encode("body");
    return [url, { method: "PUT", headers: { "x-own": "1" }, body }, () => body.fill(0)];
  },
  "a part of a buffer": (url) => {
    const bytes = new TextEncoder().encode("a body in a buffer");
    const body = new DataView(bytes.buffer, 2, 4);
    return [url, { method: "PUT", headers: { "x-own": "1" }, body }, () => bytes.fill(0)];
  },
  "a buffer": (url) => {
    const body = new TextEncoder().encode("body");
    return [url, { method: "PUT", headers: { "x-own": "1" }, body: body.buffer }, () => body.fill(0)];
  },
};

describe("an authorised fetch whose caller changes", () => {
  for (const [name, create] of Object.entries(CALLS)) {
    it(`${name} sends what it was called with, twice`, async (t) => {
      const server = await serve(t, (_, response) => response.writeHead(401).end());
      const credential = new SlowCredential();
      const [input, init, change] = create(`${server.url}/first`);
      const call = createAuthorizedFetch(credential, SCOPE)(input, init);
      await credential.change(change);
      await credential.change(change);
      assert.equal((await call).status, 401);
      assert.deepEqual(server.seen.map(describeRequest), [
        ["PUT", "/first", "1", "Bearer token-1", "body"],
        ["PUT", "/first", "1", "Bearer token-2", "body"],
      ]);
    });
  }

  it("form data or search parameters sends what it was called with, twice", async (t) => {
    const server = await serve(t, (_, response) => response.writeHead(401).end());
    const form = new FormData();
    form.set("name", "value");
    form.set("file", new Blob(["text"], { type: "text/plain" }), "file.txt");
    const parameters = new URLSearchParams({ name: "value" });
    for (const body of [form, parameters]) {
      const credential = new SlowCredential();
      const call = createAuthorizedFetch(credential, SCOPE)(server.url, { method: "POST", body });
      await credential.change(() => body.set("name", "other"));
      await credential.change(() => body.delete("name"));
      await call;
    }
    for (const { headers, body } of server.seen.slice(0, 2)) {
      assert.match(headers["content-type"]!, /^multipart\/form-data; boundary=/);
      assert.match(body, /name="name"\r\n\r\nvalue\r\n/);
      assert.match(body, /name="file"; filename="file\.txt"\r\n/);
    }
    for (const { headers, body } of server.seen.slice(2)) {
      assert.match(headers["content-type"]!, /^application\/x-www-form-urlencoded/);
      assert.equal(body, "name=value");
    }
  });

  it("its scopes requests those that it was created with", async (t) => {
    const server = await serve(t, (_, response) => response.end());
    const credential = new SlowCredential();
    const scopes = [SCOPE];
    const api = createAuthorizedFetch(credential, scopes);
    scopes[0] = "https://vault.azure.net/.default";
    const call = api(server.url);
    await credential.change(() => {});
    await call;
    assert.deepEqual(credential.scopes, [[SCOPE]]);
  });

  it("a Request that is its init sends what it was called with, twice", async (t) => {
    const server = await serve(t, (_, response) => response.writeHead(401).end());
    const credential = new SlowCredential();
    const init = new Request(ELSEWHERE, { method: "PUT", headers: { "x-own": "1" } });
    const call = createAuthorizedFetch(credential, SCOPE)(`${server.url}/first`, init);
    await credential.change(() => init.headers.set("x-own", "2"));
    await credential.change(() => {});
    await call;
    assert.deepEqual(server.seen.map(describeRequest), [
      ["PUT", "/first", "1", "Bearer token-1", ""],
      ["PUT", "/first", "1", "Bearer token-2", ""],
    ]);
  });
});
