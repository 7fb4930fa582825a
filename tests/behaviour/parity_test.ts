import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkloadIdentityCredentialOptions } from "../../src/core/mod.ts";
import { entraError, granted, Harness, rejection, SCOPE } from "../support/harness.ts";

test("options without an equivalent are ignored: they neither fail nor change the request", async () => {
  const options = {
    additionalPolicies: [{
      policy: { name: "p", sendRequest: () => assert.fail("called") },
      position: "perCall",
    }],
    userAgentOptions: { userAgentPrefix: "prefix" },
    telemetryOptions: { clientRequestIdHeaderName: "x-id" },
    redirectOptions: { maxRetries: 20 },
    proxyOptions: { host: "https://proxy.example", port: 1 },
    loggingOptions: { enableUnsafeSupportLogging: true, additionalAllowedHeaderNames: ["authorization"] },
    allowInsecureConnection: true,
  } as WorkloadIdentityCredentialOptions;
  const [plain, with_] = [new Harness(), new Harness()];
  await plain.credential().getToken(SCOPE);
  await with_.credential(options).getToken(SCOPE);
  const sent = (
    { requests: [request] }: Harness,
  ) => [request!.url, request!.init.body, request!.init.headers];
  assert.deepEqual(sent(with_), sent(plain));
  assert.throws(
    () => new Harness().credential({ ...options, authorityHost: "http://login.example" }),
    TypeError,
  );
});

test("a custom fetch replaces httpClient and proxyOptions", async () => {
  const harness = new Harness();
  const urls: string[] = [];
  await harness.credential({
    fetch: (url) => {
      urls.push(url);
      return Promise.resolve(granted());
    },
  }).getToken(SCOPE);
  assert.equal(urls.length, 1);
  assert.equal(harness.requests.length, 0);
});

test("a failure lets Azure's chains continue, because they compare its name", async () => {
  const harness = new Harness();
  harness.respond = () => entraError(7000215);
  const { name } = await rejection(harness.credential().getToken(SCOPE));
  assert.equal(name, "CredentialUnavailableError");
});
