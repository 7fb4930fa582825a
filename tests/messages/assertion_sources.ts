import {
  type AssertionSource,
  azurePipelines,
  file,
  fromCredential,
  githubActions,
  googleMetadata,
} from "../../src/assertions/mod.ts";
import type { FetchLike } from "../../src/core/contract/runtime.ts";
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { Harness, networkError, rejection, respondWith, SCOPE } from "../support/harness.ts";

const GITHUB = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.example/token",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "the job's",
};
const PIPELINES = {
  SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/o/oidctoken",
  SYSTEM_ACCESSTOKEN: "the job's",
};
const pipelines = () => azurePipelines({ serviceConnectionId: "99999999-8888-7777-6666-555555555555" });
const refuse = () => Promise.resolve(respondWith(403, { message: "no permission" }));
const withoutToken = () => Promise.resolve(respondWith(200, { count: 0 }));
const unreachable = () => Promise.reject(networkError("ECONNREFUSED"));

interface Case {
  readonly what: string;
  readonly source: () => AssertionSource;
  readonly env?: Record<string, string>;
  readonly fetch?: FetchLike;
  readonly file?: string | Error;
}

const CASES: readonly Case[] = [
  { what: "githubActions outside a job", source: githubActions },
  { what: "githubActions, the service refuses", source: githubActions, env: GITHUB, fetch: refuse },
  {
    what: "githubActions, no token in the response",
    source: githubActions,
    env: GITHUB,
    fetch: withoutToken,
  },
  { what: "githubActions, no connection", source: githubActions, env: GITHUB, fetch: unreachable },
  { what: "azurePipelines outside a pipeline", source: pipelines },
  { what: "azurePipelines, the service refuses", source: pipelines, env: PIPELINES, fetch: refuse },
  {
    what: "azurePipelines, no token in the response",
    source: pipelines,
    env: PIPELINES,
    fetch: withoutToken,
  },
  { what: "googleMetadata, the service refuses", source: googleMetadata, fetch: refuse },
  { what: "googleMetadata, no token in the response", source: googleMetadata, fetch: withoutToken },
  { what: "googleMetadata elsewhere", source: googleMetadata, fetch: unreachable },
  {
    what: "file, no such file",
    source: () => file("/token"),
    file: new Error("ENOENT: no such file, open '/token'"),
  },
  { what: "file, an empty one", source: () => file("/token"), file: "\n" },
  { what: "file, not a token", source: () => file("/token"), file: "hello" },
  {
    what: "fromCredential, the other credential fails",
    source: () => fromCredential({ getToken: () => Promise.reject(new Error("no managed identity")) }),
  },
  {
    what: "fromCredential, the other credential returns null",
    source: () => fromCredential({ getToken: () => Promise.resolve(null) }),
  },
];

/** Returns the error of every source that obtains no assertion, and the error that it is the cause of. */
export async function listSourceErrors(): Promise<string[]> {
  const texts: string[] = [];
  for (const { what, source, env = {}, fetch, file } of CASES) {
    const harness = new Harness();
    Object.assign(harness.env, env);
    if (file !== undefined) harness.file = file;
    const runtime = { ...harness.runtime, ...fetch && { fetch } };
    const credential = new WorkloadIdentityCredential({
      getAssertion: source(),
      retryOptions: { maxRetries: 0 },
    }, runtime);
    const failed = rejection(credential.getToken(SCOPE));
    await harness.clock.advance(60_000);
    const { code, message, cause } = await failed;
    texts.push(
      `--- ${what}\n${code}: ${message}${cause ? `\n  (cause) ${cause.code}: ${cause.message}` : ""}`,
    );
  }
  return texts;
}
