// A user's own test, as in the documentation of the emulator: nothing leaves the process.
import { ENTRIES } from "./entries.mjs";

const { ClusterIssuer, EntraEmulator } = ENTRIES["./testing"];
const issuer = await ClusterIssuer.create();
const emulator = new EntraEmulator({ fetch: issuer.fetch });
const { tenantId, clientId } = emulator.addApplication({
  federatedCredentials: [{ issuer: issuer.issuer, subject: "system:serviceaccount:default:workload" }],
});
const credential = new ENTRIES["."].WorkloadIdentityCredential({
  tenantId,
  clientId,
  fetch: emulator.fetch,
  getAssertion: () => issuer.mint(),
});
const { tokenType } = await credential.getToken("https://vault.azure.net/.default");
console.log(JSON.stringify({ tokenType, requests: emulator.requests.length }));
