import { WorkloadIdentityCredential } from "../core/credential.ts";
import type { Runtime } from "../core/contract/runtime.ts";

const ASSERTION = "e30.e30.c2lnbmF0dXJl";

/**
 * The core loads what a first token and a first failure need with these, in real time, and a clock that stands still
 * does not wait for it. All of that is behind us after this: a file that cannot be read, and a request that fails.
 */
export async function warmUp(): Promise<void> {
  const place = {
    name: "warm-up",
    env: () => undefined,
    fetch: () => Promise.reject(new Error("no network")),
  };
  const options = {
    tenantId: "t",
    clientId: "c",
    tokenFilePath: "/nowhere",
    retryOptions: { maxRetries: 1, retryDelayInMs: 0 },
  };
  const reads: Runtime["readTextFile"][] = [
    () => Promise.reject(new Error("no file")),
    () => Promise.resolve(ASSERTION),
  ];
  for (const readTextFile of reads) {
    const credential = new WorkloadIdentityCredential(options, { ...place, readTextFile });
    const error = await credential.getToken("scope").then(() => undefined, (error) => error);
    if (error?.name !== "CredentialUnavailableError") {
      throw new Error("the warm-up was to fail", { cause: error });
    }
  }
}
