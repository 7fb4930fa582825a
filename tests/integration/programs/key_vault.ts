/** Secrets out of a Key Vault that verifies every token, one of them after a claims challenge. */
import { SecretClient } from "@azure/keyvault-secrets";
import { type CredentialEvent, WorkloadIdentityCredential } from "@workload-id/entra";
import assert from "node:assert/strict";
import { variable } from "./environment.ts";

const events: CredentialEvent[] = [];
const credential = new WorkloadIdentityCredential({ onEvent: (event) => void events.push(event) });
const client = new SecretClient(variable("VAULT_URL"), credential, {
  // The vault of the test is not below vault.azure.net.
  disableChallengeResourceVerification: true,
  retryOptions: { maxRetries: 0 },
});

const names = ["database-password", `guarded-${crypto.randomUUID()}`];
for (const name of names) {
  const { value } = await client.getSecret(name);
  assert.equal(value, `the value of ${name}, for ${variable("AZURE_CLIENT_ID")}`);
}
await assert.rejects(client.getSecret("missing"), { statusCode: 404 });
const forced = events.filter((event) => event.type === "exchange_started" && event.forced);
assert.equal(forced.length, 1, "the claims challenge asks for another token");
