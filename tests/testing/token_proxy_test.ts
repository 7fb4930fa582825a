import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { detectRuntime } from "../../src/runtime/detect.ts";
import { type ServedCluster, serveTestCluster } from "../../src/testing/mod.ts";
import { CertificateAuthority } from "../support/certificate_authority.ts";
import { SCOPE, setUp } from "./setup.ts";

const AUDIENCE = "api://AKSIdentityBinding";

/** A workload that runs in the cluster; the variables and the files are the cluster's, the rest is this machine's. */
function workload({ environment }: ServedCluster, enableAzureProxy: boolean): WorkloadIdentityCredential {
  return new WorkloadIdentityCredential(
    { enableAzureProxy, retryOptions: { maxRetries: 0 } },
    { ...detectRuntime(), env: (name) => environment[name] },
  );
}

async function serve(options: Parameters<typeof serveTestCluster>[0] = {}): Promise<ServedCluster> {
  const serverName = "0f3c9a";
  const authority = await CertificateAuthority.create("cluster");
  const tokenProxy = { ...await authority.issue(serverName), ca: authority.pem, serverName };
  return await serveTestCluster({ ...options, tokenProxy });
}

test("a workload with enableAzureProxy gets its token through the token proxy", async () => {
  const cluster = await serve();
  const { token } = await workload(cluster, true).getToken(SCOPE);
  const claims = JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")));
  assert.equal(claims.appid, cluster.application.clientId);
  const [request] = cluster.emulator.requests;
  assert.equal(new URL(request!.url).origin, cluster.environment.AZURE_KUBERNETES_TOKEN_PROXY);
  assert.deepEqual(request!.claims!.aud, [AUDIENCE]);
  await cluster.close();
});

test("a workload without enableAzureProxy is rejected by Entra", async () => {
  const cluster = await serve();
  await assert.rejects(workload(cluster, false).getToken(SCOPE), /AADSTS700212.+api:\/\/AKSIdentityBinding/);
  await cluster.close();
});

test("the token proxy requires its own audience, and a binding", async () => {
  const { issuer, emulator, application, request } = await setUp();
  const { tenantId } = application;
  const ask = async (options: Parameters<typeof issuer.mint>[0]) => {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: application.clientId,
      scope: SCOPE,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await issuer.mint(options),
    });
    const url = `https://kubernetes.default.svc/base/${tenantId}/oauth2/v2.0/token`;
    const response = await emulator.tokenProxyFetch(url, { method: "POST", body: form });
    const { error_codes: codes } = await response.json();
    return codes?.[0] ?? response.status;
  };
  assert.equal(await ask({ audience: AUDIENCE }), 70025, "a federated credential is not a binding");
  application.identityBindings.push({
    issuer: issuer.issuer,
    subject: "system:serviceaccount:default:workload",
  });
  assert.equal(await ask({ audience: AUDIENCE }), 200);
  assert.equal(await ask({}), 700212);
  assert.equal(await ask({ audience: AUDIENCE, serviceAccount: "other" }), 700213);
  assert.equal(await ask({ audience: AUDIENCE, forged: true }), 700027);
  assert.equal((await request()).status, 200, "Entra itself is as it was");
});
