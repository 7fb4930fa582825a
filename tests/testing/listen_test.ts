import assert from "node:assert/strict";
import { get as getPlain } from "node:http";
import { get } from "node:https";
import { test } from "node:test";
import { WorkloadIdentityCredential } from "../../mod.ts";
import { createTestCluster, EntraEmulator } from "../../src/testing/mod.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";

const SCOPE = "https://vault.azure.net/.default";

async function listening() {
  const cluster = await createTestCluster();
  const listener = await cluster.emulator.listen();
  const { fetch: _, ...options } = cluster.options;
  const credential = (retries: number) =>
    new WorkloadIdentityCredential({
      ...options,
      authorityHost: listener.url,
      retryOptions: { maxRetries: retries, retryDelayInMs: 1 },
    });
  return { ...cluster, listener, credential };
}

test("a credential gets its token over http, with the runtime's own transport", async () => {
  const { listener, emulator, credential } = await listening();
  assert.match(listener.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.ok((await credential(0).getToken(SCOPE)).token);
  assert.match(emulator.requests[0]!.headers["client-request-id"]!, /^[0-9a-f-]{36}$/);
  await listener.close();
});

test("metadata contains the address of the request", async () => {
  const { listener, application } = await listening();
  const response = await fetch(
    `${listener.url}/${application.tenantId}/v2.0/.well-known/openid-configuration`,
  );
  assert.equal((await response.json()).issuer, `${listener.url}/${application.tenantId}/v2.0`);
  await listener.close();
});

test("a request with an absolute URL, as through a proxy, is treated like any other", async () => {
  const { listener, application } = await listening();
  const { hostname, port } = new URL(listener.url);
  const path = `${listener.url}/${application.tenantId}/v2.0/.well-known/openid-configuration`;
  const status = await new Promise((resolve, reject) =>
    getPlain({ hostname, port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject)
  );
  assert.equal(status, 200);
  await listener.close();
});

test("a path that starts with two slashes is that of the same host", async () => {
  const { listener, application } = await listening();
  const { tenantId } = application;
  const response = await fetch(`${listener.url}//${tenantId}/v2.0/.well-known/openid-configuration`);
  assert.equal((await response.json()).issuer, `${listener.url}/${tenantId}/v2.0`);
  await listener.close();
});

test("a reset and a cut body reach a client as broken connections", async () => {
  const { listener, emulator, credential } = await listening();
  emulator.failNext({ ending: "cut" });
  await assert.rejects(credential(0).getToken(SCOPE), { code: "network_failed" });
  // Deno sends a request again by itself when its connection breaks before the response.
  emulator.failNext({ ending: "reset" }, { ending: "reset" });
  await assert.rejects(credential(0).getToken(SCOPE), { code: "network_failed" });
  emulator.failNext({ ending: "reset" }, { ending: "cut" });
  assert.ok((await credential(3).getToken(SCOPE)).token);
  await listener.close();
});

test("an endless body and a redirect reach a client, and end in their own errors", async () => {
  const { listener, emulator, credential } = await listening();
  emulator.failNext({ ending: "endless" });
  await assert.rejects(credential(0).getToken(SCOPE), { code: "response_too_large" });
  emulator.failNext({ redirectTo: "https://elsewhere.example/" });
  await assert.rejects(credential(0).getToken(SCOPE), { code: "redirect_refused" });
  await listener.close();
});

test("a client that disconnects ends a delay, and closing ends running requests", async () => {
  const { listener, emulator, credential } = await listening();
  emulator.failNext({ delayInMs: Infinity }, { delayInMs: Infinity });
  const abortSignal = AbortSignal.timeout(100);
  await assert.rejects(credential(0).getToken(SCOPE, { abortSignal }), { name: "TimeoutError" });
  const hanging = credential(0).getToken(SCOPE);
  while (emulator.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([listener.close(), assert.rejects(hanging, { code: "network_failed" })]);
});

test("an error inside the emulator is reported, not hidden behind a broken connection", async () => {
  const emulator = new EntraEmulator({
    faults: () => {
      throw new Error("the script is wrong");
    },
  });
  const listener = await emulator.listen();
  const response = await fetch(listener.url);
  assert.equal(response.status, 500);
  assert.match(await response.text(), /the script is wrong/);
  await listener.close();
});

test("with a key and a certificate it speaks https", async () => {
  const authority = await CertificateAuthority.create("emulator");
  const { emulator, application } = await createTestCluster();
  const listener = await emulator.listen({ hostname: "localhost", ...await authority.issue("localhost") });
  assert.match(listener.url, /^https:\/\/localhost:\d+$/);
  const url = `${listener.url}/${application.tenantId}/v2.0/.well-known/openid-configuration`;
  const metadata = JSON.parse(await download(url, authority.pem));
  assert.equal(metadata.token_endpoint, `${listener.url}/${application.tenantId}/oauth2/v2.0/token`);
  await assert.rejects(download(url, undefined));
  await listener.close();
});

function download(url: string, ca: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, ...(ca !== undefined && { ca }) }, (response) => {
      let text = "";
      response.on("data", (chunk) => text += chunk);
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
  });
}
