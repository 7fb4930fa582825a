/** A program that requests a token with its environment, and prints the result. */
import { isCredentialUnavailableError, WorkloadIdentityCredential } from "../../mod.ts";

const credential = new WorkloadIdentityCredential({
  enableAzureProxy: true,
  retryOptions: { maxRetries: 0 },
});

async function getToken(): Promise<{ token: string } | { code: string; message: string }> {
  try {
    const { token } = await credential.getToken("vault/.default");
    return { token };
  } catch (error) {
    if (!isCredentialUnavailableError(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

const first = await getToken();
const second = "code" in first ? await getToken() : undefined;
console.log(JSON.stringify({ ...first, ...(second && "code" in second && { again: second.message }) }));
