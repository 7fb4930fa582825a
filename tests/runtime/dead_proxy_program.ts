/** Requests a token through the environment's proxy, and prints the first line of the error. */
import { WorkloadIdentityCredential } from "../../mod.ts";

const credential = new WorkloadIdentityCredential({
  tenantId: "11111111-1111-4111-8111-111111111111",
  clientId: "22222222-2222-4222-8222-222222222222",
  authorityHost: "https://login.entra.test",
  getAssertion: () => Promise.resolve("e30.e30.c2lnbmF0dXJl"),
  retryOptions: { maxRetries: 0 },
});
await credential.getToken("https://vault.azure.net/.default").catch(({ code, message }) => {
  console.log(code, message.split("\n")[0]);
});
