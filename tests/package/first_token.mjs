// Gets one token with nothing but a pod's environment; the release workflow runs it on each system and Node version.
import { WorkloadIdentityCredential } from "@workload-id/entra";

const credential = new WorkloadIdentityCredential();
const { token, expiresOnTimestamp } = await credential.getToken("https://vault.azure.net/.default");
if (token.split(".").length !== 3 || expiresOnTimestamp < Date.now()) {
  throw new Error("this is not a valid token");
}
console.log(`a token of ${token.length} characters on ${process.platform} with Node ${process.version}`);
