/** Variables that name a proxy: which requests go through it, and when Node's credential reports that it is not used. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { afterEach, describe, test } from "node:test";
import type { FetchInit, FetchResponse } from "../../src/core/mod.ts";
import { describeIgnoredProxy } from "../../src/runtime/transport/ignored_proxy.ts";
import { createLoopbackFetch } from "../../src/runtime/transport/loopback.ts";
import { RUNTIME } from "../support/child.ts";

const INIT = {
  method: "POST",
  headers: {},
  body: "",
  redirect: "manual",
  signal: new AbortController().signal,
};

describe("fetch with a proxy for http", () => {
  const direct: string[] = [];
  const fetchDirectly = (url: string) => {
    direct.push(url);
    return Promise.resolve({ status: 200 } as FetchResponse);
  };
  const send = async (url: string, variable?: string) => {
    direct.length = 0;
    const env = (name: string) => name === variable ? "http://proxy.test" : undefined;
    await createLoopbackFetch(env, fetchDirectly)(url, INIT as FetchInit).catch(() => {});
    return direct.length;
  };

  for (const variable of ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]) {
    test(`with ${variable}, http is sent directly and https is not`, async () => {
      assert.equal(await send("http://127.0.0.1:1/", variable), 1);
      assert.equal(await send("https://127.0.0.1:1/", variable), 0);
      assert.equal(await send("https://127.0.0.1:1/?http:", variable), 0);
    });
  }

  test("without a variable, http is sent by the runtime's own fetch", async () => {
    const server = createServer((_, response) => response.end("ok"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    for (const variable of [undefined, "https_proxy", "no_proxy"]) assert.equal(await send(url, variable), 0);
    server.closeAllConnections();
    server.close();
  });
});

// The adapter of Node alone describes an ignored proxy.
if (RUNTIME === "node") {
  describe("a proxy that Node does not use", () => {
    const NAMES = ["https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];
    const before = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
    const { globalAgent } = https;
    afterEach(() => {
      for (const name of NAMES) setVariable(name, before[name]);
      https.globalAgent = globalAgent;
    });
    const describeWith = (variables: Record<string, string>) => {
      for (const name of NAMES) setVariable(name, variables[name]);
      return describeIgnoredProxy("https://login.entra.test/tenant");
    };

    const PROXY = "http://proxy.test:8080";
    const HOST = "login.entra.test";
    const ROWS: [variables: Record<string, string>, variable: string | undefined][] = [
      [{}, undefined],
      [{ HTTPS_PROXY: PROXY }, "HTTPS_PROXY"],
      [{ https_proxy: PROXY }, "https_proxy"],
      [{ https_proxy: PROXY, HTTPS_PROXY: PROXY }, "https_proxy"],
      [{ HTTPS_PROXY: PROXY, NO_PROXY: HOST }, undefined],
      [{ HTTPS_PROXY: PROXY, no_proxy: HOST }, undefined],
      [{ HTTPS_PROXY: PROXY, NO_PROXY: "other.test" }, "HTTPS_PROXY"],
      [{ HTTPS_PROXY: PROXY, no_proxy: "other.test", NO_PROXY: HOST }, "HTTPS_PROXY"],
      [{ HTTPS_PROXY: PROXY, no_proxy: "", NO_PROXY: HOST }, undefined],
      [{ NO_PROXY: HOST }, undefined],
    ];
    for (const [variables, variable] of ROWS) {
      test(`${JSON.stringify(variables)}: ${variable ?? "nothing to report"}`, () => {
        const text = describeWith(variables);
        if (variable === undefined) assert.equal(text, undefined);
        else assert.ok(text?.startsWith(`${variable} is set, but Node ${process.version} `), text);
      });
    }

    test("the fix depends on whether this Node can use the variable", () => {
      https.globalAgent = new https.Agent();
      assert.doesNotMatch(describeWith({ HTTPS_PROXY: PROXY })!, /NODE_USE_ENV_PROXY/);
      https.globalAgent = Object.assign(new https.Agent(), { options: { proxyEnv: undefined } });
      assert.match(describeWith({ HTTPS_PROXY: PROXY })!, /NODE_USE_ENV_PROXY=1/);
    });

    test("a global agent that uses the variable or was set by the program is not reported", () => {
      https.globalAgent = Object.assign(new https.Agent(), { options: { proxyEnv: process.env } });
      assert.equal(describeWith({ HTTPS_PROXY: PROXY }), undefined);
      https.globalAgent = new (class extends https.Agent {})();
      assert.equal(describeWith({ HTTPS_PROXY: PROXY }), undefined);
    });

    function setVariable(name: string, value: string | undefined): void {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
