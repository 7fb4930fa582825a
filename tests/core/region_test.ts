import assert from "node:assert/strict";
import { test } from "node:test";
import { AzureAuthorityHosts } from "../../mod.ts";
import { CredentialUnavailableError } from "../../src/core/contract/errors.ts";
import { resolveEndpoint } from "../../src/core/settings/region.ts";
import { Harness } from "../support/harness.ts";

const { AzurePublicCloud, AzureGovernment } = AzureAuthorityHosts;

function resolve(authority: string, name?: string, found?: string) {
  const env: Record<string, string | undefined> = { AZURE_REGIONAL_AUTHORITY_NAME: name, REGION_NAME: found };
  return resolveEndpoint(authority, (variable) => env[variable]);
}

const REGIONAL: [name: string | undefined, found: string | undefined, endpoint: string, missing: boolean][] =
  [
    [undefined, "westeurope", AzurePublicCloud, false],
    ["eastus", undefined, "https://eastus.login.microsoft.com", false],
    ["East US 2", undefined, "https://eastus2.login.microsoft.com", false],
    ["a".repeat(63), undefined, `https://${"a".repeat(63)}.login.microsoft.com`, false],
    ["AutoDiscoverRegion", "westeurope", "https://westeurope.login.microsoft.com", false],
    ["TryAutoDetect", "West Europe", "https://westeurope.login.microsoft.com", false],
    ["AutoDiscoverRegion", undefined, AzurePublicCloud, true],
    ["TryAutoDetect", "not/a/region", AzurePublicCloud, true],
  ];
for (const [name, found, endpoint, regionMissing] of REGIONAL) {
  test(`region ${name} with REGION_NAME ${found}`, () => {
    assert.deepEqual(resolve(AzurePublicCloud, name, found), { endpoint, regionMissing });
  });
}

test("a malformed region is rejected by the constructor", () => {
  for (const name of ["east.us", "-eastus", "eastus-", "1us", "a".repeat(64), "evil.example/#", "eastus@x"]) {
    const harness = new Harness();
    harness.env.AZURE_REGIONAL_AUTHORITY_NAME = name;
    assert.throws(() => harness.credential(), (error: CredentialUnavailableError) => {
      assert.ok(error instanceof CredentialUnavailableError);
      assert.equal(error.code, "authority_invalid");
      assert.match(error.message, /^AZURE_REGIONAL_AUTHORITY_NAME is neither a region .+: '.+'\.$/);
      return true;
    });
  }
});

test("every name of the public cloud has regions; no other cloud has", () => {
  for (const host of ["login.windows.net", "login.microsoft.com", "sts.windows.net"]) {
    assert.equal(resolve(`https://${host}`, "eastus").endpoint, "https://eastus.login.microsoft.com");
  }
  for (const authority of [AzureGovernment, "https://adfs.example/adfs", "http://127.0.0.1:8080"]) {
    assert.deepEqual(resolve(authority, "eastus"), { endpoint: authority, regionMissing: false });
  }
});

test("the request goes to the region", async () => {
  const harness = new Harness();
  harness.env.AZURE_REGIONAL_AUTHORITY_NAME = "eastus";
  await harness.credential().getToken("a/.default");
  const tenant = harness.env.AZURE_TENANT_ID;
  assert.equal(harness.requests[0]!.url, `https://eastus.login.microsoft.com/${tenant}/oauth2/v2.0/token`);
});

test("if no region is found, the request goes to the global endpoint", async () => {
  const harness = new Harness();
  harness.env.AZURE_REGIONAL_AUTHORITY_NAME = "AutoDiscoverRegion";
  await harness.credential().getToken("a/.default");
  assert.equal(new URL(harness.requests[0]!.url).host, "login.microsoftonline.com");
});

test("on every cloud there is one request, to the authority as given", async () => {
  for (const authorityHost of [...Object.values(AzureAuthorityHosts), "https://login.air-gapped.example"]) {
    const harness = new Harness();
    await harness.credential({ authorityHost }).getToken("a/.default");
    assert.deepEqual(harness.requests.map(({ url }) => new URL(url).origin), [authorityHost]);
  }
});
