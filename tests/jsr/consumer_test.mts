/**
 * Tries the package as it is on JSR. The release workflow runs this after publishing, with the new version added to
 * this folder's deno.json. The ending `.mts` keeps it out of the suite that must run where JSR is out of reach.
 */
import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { getBearerTokenProvider, WorkloadIdentityCredential } from "@workload-id/entra";
import * as assertions from "@workload-id/entra/assertions";
import { CredentialUnavailableError } from "@workload-id/entra/core";
import { createRuntime } from "@workload-id/entra/deno";
import { createAuthorizedFetch } from "@workload-id/entra/fetch";
import { withTelemetry } from "@workload-id/entra/opentelemetry";
import { createTestCluster } from "@workload-id/entra/testing";

const SCOPE = "https://vault.azure.net/.default";

Deno.test("callers share one token request", async () => {
  const { options, emulator } = await createTestCluster();
  const credential = new WorkloadIdentityCredential(options);
  const tokens = await Promise.all([credential.getToken(SCOPE), credential.getToken(SCOPE)]);
  assertEquals(emulator.requests.length, 1);
  assertEquals(tokens[0], tokens[1]);
  assert(tokens[0].expiresOnTimestamp > Date.now());
  assertEquals(await getBearerTokenProvider(credential, SCOPE)(), tokens[0].token);
});

Deno.test("a subject that the application does not trust is an error with Entra's code", async () => {
  const { options, emulator } = await createTestCluster();
  emulator.failNext({ code: 7002138 });
  const error = await assertRejects(
    () => new WorkloadIdentityCredential(options).getToken(SCOPE),
    CredentialUnavailableError,
    "AADSTS7002138",
  );
  assertEquals(error.code, "entra_rejected");
});

Deno.test("the authorised fetch sends the token", async () => {
  const { options } = await createTestCluster();
  const credential = withTelemetry(new WorkloadIdentityCredential(options));
  const headers: (string | null)[] = [];
  const authorizedFetch = createAuthorizedFetch(credential, SCOPE, {
    fetch: (input, init) => {
      headers.push(new Request(input, init).headers.get("authorization"));
      return Promise.resolve(new Response("ok"));
    },
  });
  assertEquals(await (await authorizedFetch("https://vault.azure.net/secrets")).text(), "ok");
  const { token } = await credential.getToken(SCOPE, { enableCae: true });
  assertEquals(headers, [`Bearer ${token}`]);
});

Deno.test("Deno's adapter and the sources of assertions can be imported", () => {
  assertEquals(createRuntime().name, "deno");
  assertInstanceOf(assertions.githubActions, Function);
});
