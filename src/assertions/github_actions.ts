import { type AudienceOptions, DEFAULT_AUDIENCE } from "./audience.ts";
import { parseServiceUrl, readMember, requestAssertion } from "./request.ts";
import { type AssertionSource, createSource } from "./source.ts";
import { requireVariable } from "./unavailable.ts";

const SERVICE = "GitHub Actions";
const HINT =
  "Add `permissions: id-token: write` to the job. Runs for pull requests from forks do not get this permission.";

/**
 * Creates a source that returns the ID token of a GitHub Actions job, which is requested at each call and expires after
 * five minutes. Variables:
 * `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, which the runner sets.
 *
 * @param options the audience, by default that of the public cloud
 * @returns a function for the option `getAssertion`, or for the hook of another library
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { githubActions } from "@workload-id/entra/assertions";
 *
 * const credential = new WorkloadIdentityCredential({
 *   tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 *   getAssertion: githubActions(),
 * });
 * ```
 * @see https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-azure
 */
export function githubActions({ audience = DEFAULT_AUDIENCE }: AudienceOptions = {}): AssertionSource {
  return createSource(SERVICE, async (context) => {
    const variable = "ACTIONS_ID_TOKEN_REQUEST_URL";
    const url = parseServiceUrl(variable, requireVariable(variable, context, HINT));
    const secret = requireVariable("ACTIONS_ID_TOKEN_REQUEST_TOKEN", context, HINT);
    url.searchParams.set("audience", audience);
    const headers = { accept: "application/json" };
    const request = { service: SERVICE, method: "GET", url, headers, secret, hint: HINT } as const;
    return readMember(await requestAssertion(request, context), "value", SERVICE);
  });
}
