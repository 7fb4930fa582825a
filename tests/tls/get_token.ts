/** A program that asks for one token with what its environment says, and prints how that went. */
import { isCredentialUnavailableError, WorkloadIdentityCredential } from "../../mod.ts";

try {
  const credential = new WorkloadIdentityCredential({
    enableAzureProxy: true,
    retryOptions: { maxRetries: 0 },
  });
  const { token } = await credential.getToken("vault/.default");
  console.log(JSON.stringify({ token }));
} catch (error) {
  if (!isCredentialUnavailableError(error)) throw error;
  console.log(JSON.stringify({ code: error.code, message: error.message }));
}
