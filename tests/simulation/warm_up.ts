import { type Runtime, WorkloadIdentityCredential } from "../../src/core/mod.ts";
import { projectedToken } from "./kubelet.ts";

/**
 * Each part of the core loads what a failure needs with its own first failure, in real time. All of that has to be
 * behind us when a simulation begins: a file that cannot be read, and a request that fails.
 */
export async function warmUp(): Promise<void> {
  const place = {
    name: "simulation",
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
    () => Promise.resolve(projectedToken(0)),
  ];
  for (const readTextFile of reads) {
    const credential = new WorkloadIdentityCredential(options, { ...place, readTextFile });
    const error = await credential.getToken("scope").then(() => undefined, (error) => error);
    if (error?.name !== "CredentialUnavailableError") {
      throw new Error("the warm-up was to fail", { cause: error });
    }
  }
}
