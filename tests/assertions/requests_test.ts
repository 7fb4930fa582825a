/** Default addresses, statuses and sizes of the services that issue assertions, as tables. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AssertionSource, githubActions, googleMetadata } from "../../src/assertions/mod.ts";
import type { FetchResponse } from "../../src/core/mod.ts";
import { createWorkload, type Workload } from "./workload.ts";

const JWT = "a.b.c";
const GITHUB = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://pipelines.actions.githubusercontent.com/token?api-version=2.0",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret",
};

function respond(status: number, text: string): FetchResponse {
  return new Response(status === 204 ? null : text, { status, headers: { "metadata-flavor": "Google" } });
}

/** Calls a source whose service responds as given; returns the addresses of the requests. */
async function call(
  source: AssertionSource,
  variables: Record<string, string>,
  responses: FetchResponse[],
): Promise<{ urls: string[]; waits: Workload["waits"]; result: unknown }> {
  const { context, waits } = createWorkload(variables);
  const urls: string[] = [];
  const fetch = (url: string) => {
    urls.push(url);
    return Promise.resolve(responses.length > 1 ? responses.shift()! : responses[0]!);
  };
  const result = await source({ ...context, fetch }).catch((error) => error);
  return { urls, waits, result };
}

describe("the address of a request", () => {
  const METADATA = "/computeMetadata/v1/instance/service-accounts/default/identity";
  const DEFAULT = "audience=api%3A%2F%2FAzureADTokenExchange";
  const OTHER = "audience=api%3A%2F%2FAzureADTokenExchangeUSGov";
  const other = { audience: "api://AzureADTokenExchangeUSGov" };
  const google = (host?: string) => host === undefined ? {} : { GCE_METADATA_HOST: host };
  const TABLE: [string, AssertionSource, Record<string, string>, string][] = [
    ["Google", googleMetadata(), google(), `http://metadata.google.internal${METADATA}?${DEFAULT}`],
    ["Google", googleMetadata(other), google(), `http://metadata.google.internal${METADATA}?${OTHER}`],
    ["Google", googleMetadata(), google(" "), `http://metadata.google.internal${METADATA}?${DEFAULT}`],
    ["Google", googleMetadata(), google(" host "), `http://host${METADATA}?${DEFAULT}`],
    ["Google", googleMetadata(), google("host:65535"), `http://host:65535${METADATA}?${DEFAULT}`],
    ["Google", googleMetadata(), google("[fd20:CE::254]"), `http://[fd20:ce::254]${METADATA}?${DEFAULT}`],
    ["GitHub", githubActions(), GITHUB, `${GITHUB.ACTIONS_ID_TOKEN_REQUEST_URL}&${DEFAULT}`],
    ["GitHub", githubActions(other), GITHUB, `${GITHUB.ACTIONS_ID_TOKEN_REQUEST_URL}&${OTHER}`],
  ];
  for (const [name, source, variables, expected] of TABLE) {
    it(`of ${name} with ${JSON.stringify(variables)} is ${expected}`, async () => {
      assert.deepEqual((await call(source, variables, [respond(200, JWT)])).urls, [expected]);
    });
  }
});

describe("a response with status", () => {
  for (const status of [408, 429, 500, 502, 503, 504, 599]) {
    it(`${status} is retried after 500 and 1500 ms`, async () => {
      const { urls, waits, result } = await call(googleMetadata(), {}, [respond(status, "")]);
      assert.deepEqual([urls.length, waits], [3, [500, 1500]]);
      assert.match((result as Error).message, new RegExp(`responded with status ${status}\\. Check `));
      const later = await call(googleMetadata(), {}, [respond(status, ""), respond(200, JWT)]);
      assert.deepEqual([later.waits, later.result], [[500], JWT]);
    });
  }
  for (const status of [201, 204, 301, 302, 307, 400, 401, 403, 404, 407, 409, 428, 430, 499]) {
    it(`${status} is not retried, and its text is not used`, async () => {
      const { urls, waits, result } = await call(googleMetadata(), {}, [respond(status, JWT)]);
      assert.deepEqual([urls.length, waits], [1, []]);
      assert.match((result as Error).message, new RegExp(`responded with status ${status}\\. Check `));
    });
  }
});

describe("the size of an assertion", () => {
  const BOUND = 64 * 1024;
  const ofSize = (size: number) => "a.b.".padEnd(size, "c");
  for (const [size, isAccepted] of [[BOUND, true], [BOUND + 1, false]] as const) {
    it(`may be ${size} characters: ${isAccepted}`, async () => {
      const { result } = await call(googleMetadata(), {}, [respond(200, ofSize(size))]);
      if (isAccepted) assert.equal(result, ofSize(size));
      else {
        assert.match(
          (result as Error).message,
          /^Google's metadata server did not return a JWT .+ at most 64 KiB\.$/,
        );
      }
    });
  }

  it("of a response is at most 1 MiB", async () => {
    const body = (size: number) =>
      JSON.stringify({ value: JWT, padding: "" }).replace('""', `"${"x".repeat(size)}"`);
    const overhead = body(0).length;
    const fits = await call(githubActions(), GITHUB, [respond(200, body(1024 * 1024 - overhead))]);
    assert.equal(fits.result, JWT);
    const tooLarge = await call(githubActions(), GITHUB, [respond(200, body(1024 * 1024 - overhead + 1))]);
    assert.equal((tooLarge.result as { code: string }).code, "assertion_callback_failed");
    assert.match((tooLarge.result as Error).message, /larger than 1 MiB/);
    assert.equal(tooLarge.urls.length, 1);
  });

  it("does not matter if the text is not a JWT", async () => {
    for (const text of ["", " ", "a.b", "a.b.c.d", "a.b.c d", '"a.b.c"', "<html>"]) {
      const { result } = await call(googleMetadata(), {}, [respond(200, text)]);
      assert.match((result as Error).message, /^Google's metadata server did not return a JWT in compact/);
      assert.equal((result as { code: string }).code, "assertion_callback_failed");
    }
    const { result } = await call(googleMetadata(), {}, [respond(200, `\uFEFF ${JWT}\r\n`)]);
    assert.equal(result, JWT);
  });
});
