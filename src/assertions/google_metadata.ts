import { type AudienceOptions, DEFAULT_AUDIENCE } from "./audience.ts";
import { requestAssertion } from "./request.ts";
import { type AssertionSource, createSource } from "./source.ts";
import { unavailable } from "./unavailable.ts";

const SERVICE = "Google's metadata server";
const PATH = "/computeMetadata/v1/instance/service-accounts/default/identity";
const HOST = /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i;

/**
 * Creates a source that returns the ID token of a Google Cloud workload's service account, requested from the metadata
 * server at each call. The request uses http over a link that does not leave the machine. Variable: `GCE_METADATA_HOST`, the
 * host, or host and port, of another metadata server.
 *
 * @param options the audience, by default that of the public cloud
 * @returns a function for the option `getAssertion`, or for the hook of another library
 * @example
 * ```ts
 * import { WorkloadIdentityCredential } from "@workload-id/entra";
 * import { googleMetadata } from "@workload-id/entra/assertions";
 *
 * const credential = new WorkloadIdentityCredential({
 *   tenantId: "72f988bf-0000-0000-0000-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 *   getAssertion: googleMetadata(),
 * });
 * ```
 * @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity
 */
export function googleMetadata({ audience = DEFAULT_AUDIENCE }: AudienceOptions = {}): AssertionSource {
  return createSource(SERVICE, async (context) => {
    const host = context.env("GCE_METADATA_HOST")?.trim() || "metadata.google.internal";
    const address = `http://${host}${PATH}`;
    if (!HOST.test(host) || !URL.canParse(address)) {
      throw unavailable("GCE_METADATA_HOST is not a host, or a host and a port.");
    }
    const url = new URL(address);
    url.searchParams.set("audience", audience);
    const { text, headers } = await requestAssertion({
      service: SERVICE,
      method: "GET",
      url,
      headers: { "metadata-flavor": "Google" },
      hint: "Check that the machine runs as a service account of Google Cloud.",
    }, context);
    if (headers.get("metadata-flavor") !== "Google") {
      throw unavailable(
        `${host} is not ${SERVICE}. Run on a machine of Google Cloud, or correct GCE_METADATA_HOST.`,
      );
    }
    return text;
  });
}
