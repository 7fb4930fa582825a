/** Run by proxy_test.ts in a separate process: one token, and how it went. */
import process from "node:process";
import { WorkloadIdentityCredential } from "../../mod.ts";

const credential = new WorkloadIdentityCredential({
  tenantId: "tenant.example",
  clientId: "client",
  getAssertion: () => Promise.resolve("e30.e30.c2lnbmF0dXJl"),
  authorityHost: process.argv[2]!,
  retryOptions: { maxRetries: 0 },
});
const { token } = await credential.getToken("https://vault.azure.net/.default");
console.log(token);
