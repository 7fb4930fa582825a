import assert from "node:assert/strict";
import { test } from "node:test";
import { CredentialUnavailableError } from "../../src/core/contract/errors.ts";
import { resolveIdentityBinding, rewriteUrl } from "../../src/core/settings/identity_binding.ts";
import { Harness, networkError, rejection } from "../support/harness.ts";

const PROXY = "AZURE_KUBERNETES_TOKEN_PROXY";
const SERVER_NAME = "AZURE_KUBERNETES_SNI_NAME";
const CA_FILE = "AZURE_KUBERNETES_CA_FILE";
const CA_DATA = "AZURE_KUBERNETES_CA_DATA";
const URL_ON_AKS = "https://kubernetes.default.svc";
const PEM =
  "-----BEGIN CERTIFICATE-----\nMIIBQDCB6KADAgECAhEB\nZddwKcDTRSmy1A==\n-----END CERTIFICATE-----\n";

function resolve(env: Record<string, string>) {
  return resolveIdentityBinding((name) => env[name]);
}

const GOOD: [name: string, env: Record<string, string>, url: string | undefined][] = [
  ["no custom endpoint", {}, undefined],
  ["custom endpoint enabled with minimal settings", { [PROXY]: URL_ON_AKS }, URL_ON_AKS],
  ["CA file and SNI", { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "a.ests.aks", [CA_FILE]: "/ca.crt" }, URL_ON_AKS],
  ["CA data and SNI", { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "a.ests.aks", [CA_DATA]: PEM }, URL_ON_AKS],
  ["CA data with CRLF and a comment", {
    [PROXY]: URL_ON_AKS,
    [CA_DATA]: `# root\r\n${PEM.replaceAll("\n", "\r\n")}`,
  }, URL_ON_AKS],
  ["SNI alone", { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "custom-sni.example.com" }, URL_ON_AKS],
  ["a label that starts with a digit", { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "0f3c" }, URL_ON_AKS],
  ["a port and a path", { [PROXY]: "https://p:8443/token-proxy" }, "https://p:8443/token-proxy"],
  ["a trailing slash", { [PROXY]: "https://p/base/" }, "https://p/base"],
  ["no path", { [PROXY]: "https://example.com" }, "https://example.com"],
  ["percent escapes", { [PROXY]: "https://example.com/token%20path" }, "https://example.com/token%20path"],
];
for (const [name, env, url] of GOOD) {
  test(`identity binding settings: ${name}`, () => assert.equal(resolve(env)?.url, url));
}

test("identity binding settings are passed on unchanged", () => {
  const env = { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "a.ests.aks", [CA_FILE]: "/ca.crt" };
  assert.deepEqual(resolve(env), {
    url: URL_ON_AKS,
    serverName: "a.ests.aks",
    caFile: "/ca.crt",
    caData: undefined,
  });
});

const BAD: [name: string, env: Record<string, string>, says: RegExp][] = [
  [
    "disabled with extra variables",
    { [SERVER_NAME]: "a" },
    /TOKEN_PROXY is not set, but AZURE_KUBERNETES_SNI_NAME/,
  ],
  [
    "a CA file without a proxy",
    { [CA_FILE]: "/ca.crt" },
    /TOKEN_PROXY is not set, but AZURE_KUBERNETES_CA_FILE/,
  ],
  ["CA data without a proxy", { [CA_DATA]: PEM }, /TOKEN_PROXY is not set, but AZURE_KUBERNETES_CA_DATA is/],
  [
    "both CAs",
    { [PROXY]: URL_ON_AKS, [CA_FILE]: "/ca.crt", [CA_DATA]: PEM },
    /both set.+Webhook 1\.6\.0.+mounts no file/,
  ],
  [
    "non-https scheme",
    { [PROXY]: "http://custom-endpoint.com" },
    /TOKEN_PROXY must be an https URL: 'http:.+'\.$/,
  ],
  [
    "http to a loopback address",
    { [PROXY]: "http://127.0.0.1:8080" },
    /TOKEN_PROXY must be an https URL: 'http:.+'\.$/,
  ],
  ["another scheme", { [PROXY]: "ftp://example.com" }, /must be an https URL: 'ftp:.+'\.$/],
  ["no URL", { [PROXY]: "kubernetes.default.svc" }, /is not an absolute URL: 'kubernetes\.default\.svc'/],
  [
    "user info",
    { [PROXY]: "https://user:pass@example.com/token" },
    /must not contain user information: 'https:\/\/\.\.\.@example/,
  ],
  [
    "query params",
    { [PROXY]: "https://example.com/token?foo=bar" },
    /must not contain a query or a fragment/,
  ],
  ["an empty query", { [PROXY]: "https://example.com/token?" }, /must not contain a query or a fragment/],
  ["fragment", { [PROXY]: "https://example.com/token#frag" }, /must not contain a query or a fragment/],
  [
    "invalid CA data",
    { [PROXY]: URL_ON_AKS, [CA_DATA]: "invalid-ca-cert" },
    /CA_DATA does not contain a PEM certificate/,
  ],
  [
    "CA data in base64",
    { [PROXY]: URL_ON_AKS, [CA_DATA]: btoa(PEM) },
    /CA_DATA does not contain a PEM certificate/,
  ],
  [
    "half a certificate",
    { [PROXY]: URL_ON_AKS, [CA_DATA]: PEM.slice(0, 60) },
    /does not contain a PEM certificate/,
  ],
  [
    "a private key",
    { [PROXY]: URL_ON_AKS, [CA_DATA]: PEM.replaceAll("CERTIFICATE", "PRIVATE KEY") },
    /does not contain a PEM certificate/,
  ],
  [
    "an IP address as server name",
    { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "10.0.0.1" },
    /SNI_NAME is not a host name: '/,
  ],
  [
    "a label of digits only",
    { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "0815" },
    /SNI_NAME is not a host name: '/,
  ],
  [
    "an IPv6 address as server name",
    { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "fd00::1" },
    /SNI_NAME is not a host name: '/,
  ],
  [
    "a URL as server name",
    { [PROXY]: URL_ON_AKS, [SERVER_NAME]: "https://a" },
    /SNI_NAME is not a host name: '/,
  ],
];
for (const [name, env, says] of BAD) {
  test(`identity binding settings rejected: ${name}`, () => {
    const harness = new Harness();
    Object.assign(harness.env, env);
    assert.throws(
      () => harness.credential({ enableAzureProxy: true }),
      (error: CredentialUnavailableError) => {
        assert.ok(error instanceof CredentialUnavailableError);
        assert.equal(error.code, "identity_binding_invalid");
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /MIIB|user:pass/);
        return true;
      },
    );
    assert.ok(harness.credential(), "without enableAzureProxy the variables are ignored");
  });
}

test("without enableAzureProxy none of the four variables is read", () => {
  const harness = new Harness();
  harness.credential();
  assert.deepEqual(harness.envReads.filter((name) => name.startsWith("AZURE_KUBERNETES_")), []);
});

test("with none of the four variables the ordinary flow is used", async () => {
  const harness = new Harness();
  await harness.credential({ enableAzureProxy: true }).getToken("a/.default");
  assert.equal(new URL(harness.requests[0]!.url).host, "login.microsoftonline.com");
});

test("only a rejected certificate is explained by the CA of the token proxy", async () => {
  for (const [code, isExplained] of [["CERT_HAS_EXPIRED", true], ["ECONNREFUSED", false]] as const) {
    const harness = new Harness();
    Object.assign(harness.env, { [PROXY]: URL_ON_AKS });
    const transport = { fetch: () => Promise.reject(networkError(code)), close() {} };
    Object.assign(harness.runtime, { openTransport: () => Promise.resolve(transport) });
    const credential = harness.credential({ enableAzureProxy: true, retryOptions: { maxRetries: 0 } });
    const { message } = await rejection(credential.getToken("a/.default"));
    assert.equal(message.includes(SERVER_NAME), isExplained, message);
  }
});

test("with the token proxy no region is detected", () => {
  const harness = new Harness();
  Object.assign(harness.env, { [PROXY]: URL_ON_AKS, AZURE_REGIONAL_AUTHORITY_NAME: "AutoDiscoverRegion" });
  Object.assign(harness.runtime, { openTransport: () => Promise.reject(new Error("unused")) });
  const types: string[] = [];
  harness.credential({ enableAzureProxy: true, onEvent: ({ type }) => void types.push(type) });
  assert.deepEqual(types, []);
});

test("a custom fetch together with enableAzureProxy is a TypeError", () => {
  const harness = new Harness();
  const options = { enableAzureProxy: true, fetch: harness.runtime.fetch };
  assert.throws(() => harness.credential(options), TypeError);
});

test("a runtime that cannot open a transport fails in the constructor", () => {
  const harness = new Harness();
  harness.env[PROXY] = URL_ON_AKS;
  assert.throws(() => harness.credential({ enableAzureProxy: true }), {
    code: "identity_binding_invalid",
    message: /runtime test: it has no openTransport/,
  });
});

const REWRITTEN: [name: string, proxy: string, original: string, result: string][] = [
  [
    "a path in both",
    "https://p:8443/token-proxy",
    "https://o/T/oauth2/v2.0/token",
    "https://p:8443/token-proxy/T/oauth2/v2.0/token",
  ],
  ["no path in the proxy", "https://p", "https://o/v1", "https://p/v1"],
  ["no path in either", "https://p", "https://o", "https://p/"],
  ["a bare slash, and no path in the request", "https://p/", "https://o", "https://p/"],
  [
    "a bare slash, and a path in the request",
    "https://p/",
    "https://o/login?a=1&b=2",
    "https://p/login?a=1&b=2",
  ],
  ["a bare slash, and a query alone", "https://p/", "https://o?a=1&b=2", "https://p/?a=1&b=2"],
  ["no trailing slash", "https://p/base", "https://o/login?a=1&b=2", "https://p/base/login?a=1&b=2"],
  ["a trailing slash", "https://p/v1/", "https://o/oauth2/token?x=1", "https://p/v1/oauth2/token?x=1"],
  ["no path in the request", "https://p/api", "https://o", "https://p/api/"],
  ["no query", "https://p/api", "https://o/v1", "https://p/api/v1"],
  ["escapes in the request", "https://p/base/", "https://o/a%20b?q=1", "https://p/base/a%20b?q=1"],
  ["an escaped slash", "https://p/base", "https://o:9443/a%2Fb", "https://p/base/a%2Fb"],
  ["escapes in both", "https://p/p%20a", "https://o/b%20c?q=%20space", "https://p/p%20a/b%20c?q=%20space"],
  [
    "a query and a fragment",
    "https://p/base",
    "https://o/path?query=value#fragment",
    "https://p/base/path?query=value#fragment",
  ],
];
for (const [name, proxy, original, result] of REWRITTEN) {
  test(`a request is rewritten: ${name}`, () => {
    assert.equal(rewriteUrl(resolve({ [PROXY]: proxy })!.url, original), result);
  });
}

test("every request of the credential goes to the proxy", async () => {
  for (
    const [proxy, authority, url] of [
      [
        "https://p:8443/token-proxy",
        "https://login.microsoftonline.com/",
        "https://p:8443/token-proxy/T/oauth2/v2.0/token",
      ],
      ["https://p/", "https://login.microsoftonline.us", "https://p/T/oauth2/v2.0/token"],
      ["https://p/base/", "https://adfs.example/a%20b/", "https://p/base/a%20b/T/oauth2/v2.0/token"],
    ] as const
  ) {
    const harness = new Harness();
    Object.assign(harness.env, { [PROXY]: proxy, AZURE_AUTHORITY_HOST: authority, AZURE_TENANT_ID: "T" });
    harness.runtime.openTransport = () => Promise.resolve({ fetch: harness.runtime.fetch, close() {} });
    const options = { enableAzureProxy: true };
    const credential = harness.credential(options);
    await credential.getToken("a/.default", { enableCae: true });
    assert.deepEqual(harness.requests.map((request) => request.url), [url]);
    assert.equal(harness.requests[0]!.form.get("client_assertion"), harness.file);
    assert.deepEqual(options, { enableAzureProxy: true });
  }
});
