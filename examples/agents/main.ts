/**
 * Agents on AKS: one pod, one agent identity blueprint, and a token for each of its agents. Without Azure:
 *
 *     npx @workload-id/entra emulator --config entra.json -- deno run -A main.ts
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { WorkloadIdentityCredential } from "@workload-id/entra";
import { agentIdentity } from "@workload-id/entra/assertions";

const SCOPE = "https://vault.azure.net/.default";
/** In a pod, this is a setting of the service. */
const AGENTS = (process.env.AGENT_IDS ?? [
  "aaaaaaaa-0000-0000-0000-000000000001",
  "aaaaaaaa-0000-0000-0000-000000000002",
  "aaaaaaaa-0000-0000-0000-000000000003",
].join()).split(",");

const getAssertion = agentIdentity(new WorkloadIdentityCredential());
const agents = AGENTS.map((clientId) => new WorkloadIdentityCredential({ clientId, getAssertion }));

for (const round of ["first", "cached"]) {
  for (const [index, agent] of agents.entries()) {
    const { token, expiresOnTimestamp } = await agent.getToken(SCOPE);
    const { appid, azp = appid, xms_par_app_azp: blueprint } = JSON.parse(
      Buffer.from(token.split(".")[1]!, "base64url").toString(),
    );
    const minutes = Math.round((expiresOnTimestamp - Date.now()) / 60_000);
    console.log(
      `${round} token of agent ${index + 1}: ${azp} of blueprint ${blueprint}, valid for ${minutes} min`,
    );
  }
}
