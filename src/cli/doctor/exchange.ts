import { WorkloadIdentityCredential } from "../../core/credential.ts";
import { CredentialUnavailableError } from "../../core/contract/errors.ts";
import type { Check, Examination } from "./examination.ts";

/** One retry is enough for a transient fault, and short enough for someone who waits at a terminal. */
const RETRY = { maxRetries: 1, retryDelayInMs: 200 };

/** Requests an access token as the library does. */
export async function checkExchange(examination: Examination): Promise<Check> {
  const { runtime, clock, options, scope } = examination;
  const startedAt = clock.now();
  try {
    const credential = new WorkloadIdentityCredential({ ...options, retryOptions: RETRY }, runtime);
    examination.accessToken = await credential.getToken(scope!);
    return { status: "passed", summary: `a token for ${scope} in ${clock.now() - startedAt} ms` };
  } catch (error) {
    if (!(error instanceof CredentialUnavailableError)) throw error;
    const { message, code, details: { diagnosis } } = error;
    const summary = message.split("\n")[0]!.replace(/(AADSTS\d+: .+?\.) .*/, "$1").replace(/\.$/, "");
    return { status: "failed", summary, code, ...(diagnosis && { diagnosis }) };
  }
}
