import type { GetTokenOptions, WorkloadIdentityCredentialOptions } from "../../src/core/mod.ts";
import { Harness, SCOPE } from "../support/harness.ts";

const OPTIONS: readonly object[] = [
  { clientId: 1 },
  { tenantId: "a/b" },
  { tenantId: "common" },
  { tenantId: '"t"' },
  { authorityHost: "login.microsoftonline.com" },
  { authorityHost: "http://login.microsoftonline.com" },
  { authorityHost: "https://user:word@login.microsoftonline.com" },
  { authorityHost: "https://login.microsoftonline.com/?a=b" },
  { additionallyAllowedTenants: "*" },
  { additionallyAllowedTenants: ["a b"] },
  { getAssertion: "eyJ" },
  { fetch: {} },
  { onEvent: {} },
  { enableAzureProxy: "true" },
  { enableAzureProxy: true, fetch: () => {} },
  { retryOptions: { maxRetries: -1 } },
  { requestTimeoutInMs: 0 },
  { maxCachedTokens: 0 },
];
const CALLS: readonly (readonly [scopes: unknown, options?: object])[] = [
  [undefined],
  [""],
  [[1]],
  [SCOPE, { abortSignal: new AbortController() }],
  [SCOPE, { requestOptions: { timeout: -1 } }],
  [SCOPE, { tenantId: "a/b" }],
  [SCOPE, { claims: "{" }],
  [SCOPE, { fmiPath: " " }],
  [SCOPE, { proofOfPossessionOptions: {} }],
];

/** Returns the `TypeError` of every invalid option and argument. */
export async function listInvalidArguments(): Promise<string[]> {
  const texts: string[] = [];
  for (const options of OPTIONS) {
    texts.push(await rejected(() => new Harness().credential(options as WorkloadIdentityCredentialOptions)));
  }
  for (const [scopes, options] of CALLS) {
    texts.push(
      await rejected(() => new Harness().credential().getToken(scopes as string, options as GetTokenOptions)),
    );
  }
  return texts;
}

async function rejected(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  throw new Error("it was expected to be rejected");
}
