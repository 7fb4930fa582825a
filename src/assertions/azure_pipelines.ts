import { parseServiceUrl, readMember, requestAssertion } from "./request.ts";
import { type AssertionSource, createSource } from "./source.ts";
import { requireVariable } from "./unavailable.ts";

const SERVICE = "Azure Pipelines";
const TOKEN_HINT = "Add `SYSTEM_ACCESSTOKEN: $(System.AccessToken)` to the `env` of the step.";

/** Options of `azurePipelines`. */
export interface AzurePipelinesOptions {
  /** The resource ID of the service connection, a GUID. The connection's URL in the portal contains it. */
  serviceConnectionId: string;
}

/**
 * Creates a source that returns the ID token of an Azure Pipelines job for one of its service connections, requested at
 * each call. Variables:
 * `SYSTEM_OIDCREQUESTURI`, which the agent sets, and `SYSTEM_ACCESSTOKEN`, which the step must pass on.
 *
 * @param options the service connection
 * @returns a function for the option `getAssertion`, or for the hook of another library
 * @throws {TypeError} `serviceConnectionId` is missing
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { azurePipelines } from "@workload-id/entra/assertions";
 *
 * const credential = new WorkloadIdentityCredential({
 *   tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 *   getAssertion: azurePipelines({ serviceConnectionId: "99999999-8888-7777-6666-555555555555" }),
 * });
 * ```
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export function azurePipelines({ serviceConnectionId }: AzurePipelinesOptions): AssertionSource {
  if (typeof serviceConnectionId !== "string" || serviceConnectionId.trim() === "") {
    throw new TypeError("serviceConnectionId must be the resource ID of a service connection");
  }
  return createSource(SERVICE, async (context) => {
    const variable = "SYSTEM_OIDCREQUESTURI";
    const address = requireVariable(
      variable,
      context,
      "Run in a job of Azure Pipelines, whose agent sets it.",
    );
    const url = parseServiceUrl(variable, address);
    const secret = requireVariable("SYSTEM_ACCESSTOKEN", context, TOKEN_HINT);
    url.searchParams.set("api-version", "7.1");
    url.searchParams.set("serviceConnectionId", serviceConnectionId.trim());
    const request = {
      service: SERVICE,
      method: "POST",
      url,
      headers: {
        "accept": "application/json",
        "content-type": "application/json",
        // Without it, an invalid token results in a redirect to a sign-in page.
        "x-tfs-fedauthredirect": "Suppress",
      },
      secret,
      hint:
        `Check that ${serviceConnectionId.trim()} is a service connection with workload identity federation, ` +
        "and that this pipeline may use it.",
    } as const;
    return readMember(await requestAssertion(request, context), "oidcToken", SERVICE);
  });
}
