import type { GetAssertion } from "../core/contract/options.ts";
import { parseServiceUrl, readMember, requestAssertion } from "./request.ts";
import { requireVariable } from "./unavailable.ts";

const SERVICE = "Azure Pipelines";
const TOKEN_HINT = "A step sees it only where its `env` says `SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.";

/** Options of `azurePipelines`. */
export interface AzurePipelinesOptions {
  /** The resource id of the service connection, a GUID: it stands in the connection's address in the portal. */
  serviceConnectionId: string;
}

/**
 * The ID token of an Azure Pipelines job for one of its service connections. Variables: `SYSTEM_OIDCREQUESTURI`, which
 * the agent sets, and `SYSTEM_ACCESSTOKEN`, which the step has to pass on.
 *
 * @returns the option `getAssertion`. It fails with `assertion_callback_failed`
 * @throws {TypeError} there is no serviceConnectionId
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
export function azurePipelines({ serviceConnectionId }: AzurePipelinesOptions): GetAssertion {
  if (typeof serviceConnectionId !== "string" || serviceConnectionId.trim() === "") {
    throw new TypeError("serviceConnectionId: must be the resource id of a service connection");
  }
  return async (context) => {
    const variable = "SYSTEM_OIDCREQUESTURI";
    const address = requireVariable(variable, context, "The agent of Azure Pipelines sets it.");
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
        // Without it, a token that is not valid is answered with a redirect to a page to sign in on.
        "x-tfs-fedauthredirect": "Suppress",
      },
      secret,
      hint:
        `Is ${serviceConnectionId.trim()} a service connection with workload identity federation, and may ` +
        "this pipeline use it?",
    } as const;
    return readMember(await requestAssertion(request, context), "oidcToken", SERVICE);
  };
}
