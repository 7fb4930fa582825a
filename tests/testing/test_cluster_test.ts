import assert from "node:assert/strict";
import { lstat, readFile } from "node:fs/promises";
import { test } from "node:test";
import { decodeJwt } from "jose";
import { WorkloadIdentityCredential } from "../../mod.ts";
import {
  isAuthenticationError,
  isCredentialUnavailableError,
  WorkloadIdentityCredential as CoreCredential,
} from "../../src/core/mod.ts";
import { createTestCluster, EntraEmulator, ManualClock, serveTestCluster } from "../../src/testing/mod.ts";

const SCOPE = "https://vault.azure.net/.default";

test("a credential in a pod gets a token, caches it, and refreshes it in the background with the new assertion", async () => {
  const clock = new ManualClock();
  const { pod, emulator, application } = await createTestCluster({ clock, random: () => 0.5 });
  const credential = new CoreCredential({}, pod);
  const first = await credential.getToken(SCOPE);
  assert.equal(decodeJwt(first.token).appid, application.clientId);
  assert.equal(await credential.getToken(SCOPE), first);
  assert.equal(emulator.requests.length, 1);

  await clock.advance(54 * 60_000);
  await pod.rotate();
  assert.equal(await credential.getToken(SCOPE), first);
  while ((await credential.getToken(SCOPE)) === first) await clock.advance(0);
  const [before, after] = emulator.requests;
  assert.equal(emulator.requests.length, 2);
  assert.notEqual(before!.claims?.jti, after!.claims?.jti);
});

test("a rejection by the emulator becomes the credential's error, with every field", async () => {
  const { pod } = await createTestCluster({
    clock: new ManualClock(),
    projectedToken: { subject: "system:serviceaccount:default:Workload" },
  });
  const credential = new CoreCredential({}, pod);
  const error = await credential.getToken(SCOPE).then(
    () => assert.fail("it must be rejected"),
    (reason) => reason,
  );
  assert.ok(isCredentialUnavailableError(error));
  assert.equal(error.code, "entra_rejected");
  assert.ok(isAuthenticationError(error.cause));
  assert.deepEqual(error.cause.errorResponse.errorCodes, [7002138]);
  assert.equal(error.cause.errorResponse.timestamp, "2030-01-01 00:00:00Z");
  assert.equal(error.details.assertion?.sub, "system:serviceaccount:default:Workload");
});

test("the credential of the root entry accepts the cluster's options", async () => {
  const { options, application } = await createTestCluster({ application: { roles: ["Reader"] } });
  const { token } = await new WorkloadIdentityCredential(options).getToken(SCOPE);
  assert.deepEqual(decodeJwt(token).roles, ["Reader"]);
  assert.equal(decodeJwt(token).tid, application.tenantId);
});

test("the pod rotates its token by the clock", async () => {
  const clock = new ManualClock();
  const { pod } = await createTestCluster({ clock });
  const read = () => pod.readTextFile(pod.env("AZURE_FEDERATED_TOKEN_FILE")!);
  await pod.startRotating();
  const first = await read();
  await clock.advance(48 * 60_000 - 1);
  assert.equal(await read(), first);
  await clock.advance(1);
  while (await read() === first) await clock.advance(0);
  await pod.stopRotating();
  assert.equal(clock.pendingTimers, 0);
  await assert.rejects(pod.readTextFile("/nowhere"), { code: "ENOENT" });
});

test("a served cluster provides everything that a pod has, and leaves nothing behind", async () => {
  const cluster = await serveTestCluster();
  const { environment, issuer, emulator } = cluster;
  const discovery = await fetch(`${issuer.issuer}/.well-known/openid-configuration`);
  assert.equal((await discovery.json()).issuer, issuer.issuer);
  const credential = new WorkloadIdentityCredential({
    tenantId: environment.AZURE_TENANT_ID!,
    clientId: environment.AZURE_CLIENT_ID!,
    tokenFilePath: environment.AZURE_FEDERATED_TOKEN_FILE!,
    authorityHost: environment.AZURE_AUTHORITY_HOST!,
  });
  const { token } = await credential.getToken(SCOPE);
  assert.equal(decodeJwt(token).aud, "https://vault.azure.net");
  assert.equal(emulator.requests[0]!.claims?.iss, issuer.issuer);
  assert.equal((await readFile(environment.AZURE_FEDERATED_TOKEN_FILE!, "utf8")).split(".").length, 3);

  await cluster.close();
  await assert.rejects(lstat(environment.AZURE_FEDERATED_TOKEN_FILE!), { code: "ENOENT" });
  await assert.rejects(fetch(environment.AZURE_AUTHORITY_HOST!));
  await assert.rejects(fetch(issuer.issuer));
});

test("a served cluster whose port is in use fails, and leaves nothing behind", async () => {
  const taken = await new EntraEmulator().listen();
  const port = Number(new URL(taken.url).port);
  await assert.rejects(serveTestCluster({ port }), { code: "EADDRINUSE" });
  await taken.close();
});
