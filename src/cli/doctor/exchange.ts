import { WorkloadIdentityCredential } from "../../core/credential.ts";
import { CredentialUnavailableError } from "../../core/contract/errors.ts";
import type { Check, Examination } from "./examination.ts";

/** A passing fault heals within one retry; whoever waits in front of a terminal wants the answer. */
const RETRY = { maxRetries: 1, retryDelayInMs: 200 };

/** The exchange itself, as the library does it. */
export async function checkExchange(examination: Examination): Promise<Check> {
  const { shell, clock, azureProxy, scope } = examination;
  const startedAt = clock.now();
  const options = { enableAzureProxy: azureProxy, retryOptions: RETRY };
  try {
    const credential = new WorkloadIdentityCredential(options, shell.runtime);
    examination.accessToken = await credential.getToken(scope!);
    return { status: "passed", summary: `a token for ${scope} in ${clock.now() - startedAt} ms` };
  } catch (error) {
    if (!(error instanceof CredentialUnavailableError)) throw error;
    const { message, code, details: { diagnosis } } = error;
    const summary = message.split("\n")[0]!.replace(/(AADSTS\d+: .+?\.) .*/, "$1").replace(/\.$/, "");
    return { status: "failed", summary, code, ...(diagnosis && { diagnosis }) };
  }
}
