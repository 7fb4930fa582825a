/** The reaction to a response with status 401 when the response, the credential or the connection misbehaves. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAuthorizedFetch } from "../../src/fetch/mod.ts";
import { heapUsed } from "../support/heap.ts";
import { serve } from "../support/http_service.ts";

const SCOPE = "https://graph.microsoft.com/.default";
const ADDRESS = "https://graph.microsoft.com/v1.0/users";

/** A credential whose tokens are all different. */
function createCredential(size = 0) {
  let tokens = 0;
  return {
    getToken: () => {
      const token = `${++tokens}-`.padEnd(size, String.fromCharCode(97 + tokens % 26));
      return Promise.resolve({ token, expiresOnTimestamp: Infinity });
    },
  };
}

describe("the second attempt after a 401", () => {
  it("is sent although the first response's body breaks", async (t) => {
    const server = await serve(t, (_, response) => {
      if (server.seen.length > 1) return response.end("welcome");
      response.writeHead(401, { "content-length": 1000 }).write("rejected");
      setTimeout(() => response.destroy(), 20);
    });
    const api = createAuthorizedFetch(createCredential(), SCOPE, {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (response.status === 401) await untilBroken(response.clone());
        return response;
      },
    });
    assert.equal(await (await api(server.url)).text(), "welcome");
    assert.equal(server.seen.length, 2);
  });

  const bodies: Record<string, () => ReadableStream | null> = {
    "is null": () => null,
    "has failed": () => new ReadableStream({ start: (controller) => controller.error(new Error("lost")) }),
    "fails to be cancelled": () => new ReadableStream({ cancel: () => Promise.reject(new Error("lost")) }),
    "throws when it is cancelled": () =>
      new ReadableStream({
        cancel() {
          throw new Error("lost");
        },
      }),
    "never ends, cancelled or not": () => new ReadableStream({ cancel: () => new Promise(() => {}) }),
    "is locked": () => {
      const body = new ReadableStream();
      body.getReader();
      return body;
    },
  };
  for (const [name, create] of Object.entries(bodies)) {
    it(`is sent although the first response's body ${name}`, async () => {
      const tokens: (string | null)[] = [];
      const api = createAuthorizedFetch(createCredential(), SCOPE, {
        fetch: (_, init) => {
          tokens.push(new Headers(init?.headers).get("authorization"));
          if (tokens.length > 1) return Promise.resolve(new Response("welcome"));
          const response = new Response(null, { status: 401 });
          return Promise.resolve(Object.defineProperty(response, "body", { value: create() }));
        },
      });
      assert.equal(await (await api(ADDRESS)).text(), "welcome");
      assert.deepEqual(tokens, ["Bearer 1-", "Bearer 2-"]);
    });
  }

  it("keeps the credential's error when the first response's body breaks", async () => {
    let asked = 0;
    const credential = {
      getToken: () =>
        ++asked > 1
          ? Promise.reject(new RangeError("no other token"))
          : Promise.resolve({ token: "t", expiresOnTimestamp: Infinity }),
    };
    const body = new ReadableStream({ cancel: () => Promise.reject(new Error("lost")) });
    const api = createAuthorizedFetch(credential, SCOPE, {
      fetch: () => Promise.resolve(new Response(body, { status: 401 })),
    });
    await assert.rejects(api(ADDRESS), { name: "RangeError", message: "no other token" });
  });

  const redirects: [where: string, url: string, attempts: number][] = [
    ["to an unknown address", "", 1],
    ["to another origin", "https://graph.microsoft.com:8443/v1.0/me", 1],
    ["within one origin", "https://graph.microsoft.com/v1.0/me", 2],
  ];
  for (const [where, url, attempts] of redirects) {
    it(`is ${attempts > 1 ? "" : "not "}sent for a 401 that came by a redirect ${where}`, async () => {
      let sent = 0;
      const api = createAuthorizedFetch(createCredential(), SCOPE, {
        fetch: () => {
          sent++;
          const response = new Response("rejected", { status: 401 });
          return Promise.resolve(
            Object.defineProperties(response, { redirected: { value: true }, url: { value: url } }),
          );
        },
      });
      assert.equal(await (await api(ADDRESS)).text(), "rejected");
      assert.equal(sent, attempts);
    });
  }
});

describe("a token that was rejected", () => {
  it("is not kept", async () => {
    const size = 1_000_000;
    const create = () => {
      let calls = 0;
      return createAuthorizedFetch(createCredential(size), SCOPE, {
        fetch: () => Promise.resolve(new Response(null, { status: ++calls % 2 ? 401 : 200 })),
      });
    };
    const before = await heapUsed();
    const functions = Array.from({ length: 50 }, create);
    for (const api of functions) assert.equal((await api(ADDRESS)).status, 200);
    const grown = await heapUsed() - before;
    assert.ok(grown < 10 * size, `${grown} bytes for ${functions.length} rejected tokens of ${size}`);
  });

  it("appears in no error, whatever the credential returns", async () => {
    for (const token of ["secret\n", "secret ü", "secret\u0000", "", undefined, 1]) {
      const credential = {
        getToken: () => Promise.resolve({ token: token as string, expiresOnTimestamp: Infinity }),
      };
      const api = createAuthorizedFetch(credential, SCOPE, { fetch: () => assert.fail("it was sent") });
      await assert.rejects(api(ADDRESS), (error: Error) => {
        assert.match(error.message, /token .*https:\/\/graph\.microsoft\.com\/\.default/);
        assert.doesNotMatch(`${error.stack}`, /secret/);
        return true;
      });
    }
  });
});

async function untilBroken(response: Response): Promise<void> {
  await assert.rejects(response.text());
}
