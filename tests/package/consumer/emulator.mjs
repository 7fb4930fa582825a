// The cluster and Entra on loopback, from the installed package; ends when its standard input does.
import { ClusterIssuer, EntraEmulator } from "@workload-id/entra/testing";
import { writeFileSync } from "node:fs";

const [tokenFile] = process.argv.slice(2);
const issuer = await ClusterIssuer.create();
const emulator = new EntraEmulator({ fetch: issuer.fetch });
const { tenantId, clientId } = emulator.addApplication({
  federatedCredentials: [{ issuer: issuer.issuer, subject: "system:serviceaccount:default:workload" }],
});
writeFileSync(tokenFile, await issuer.mint());
const listener = await emulator.listen();
console.log(JSON.stringify({
  AZURE_TENANT_ID: tenantId,
  AZURE_CLIENT_ID: clientId,
  AZURE_FEDERATED_TOKEN_FILE: tokenFile,
  AZURE_AUTHORITY_HOST: listener.url,
}));
process.stdin.resume().on("end", () => process.exit());
