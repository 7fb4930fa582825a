/** The regional endpoint of the public cloud. */
import { CredentialUnavailableError } from "../contract/errors.ts";
import { PUBLIC_CLOUD } from "./clouds.ts";

const VARIABLE = "AZURE_REGIONAL_AUTHORITY_NAME";
const PUBLIC_AUTHORITIES = PUBLIC_CLOUD.hosts.map((host) => `https://${host}`);
const REGION = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DETECT = ["autodiscoverregion", "tryautodetect"];

/** Where requests for an authority go. */
export interface Endpoint {
  readonly endpoint: string;
  /** A region was to be detected, and `REGION_NAME` names none: the endpoint is the global one. */
  readonly regionMissing: boolean;
}

/**
 * Returns the region's endpoint where a variable names one, else the authority. Clouds other than the public one have
 * no regions, and the metadata service is not asked.
 *
 * @throws {CredentialUnavailableError} authority_invalid: the variable holds no region
 */
export function resolveEndpoint(authority: string, env: (name: string) => string | undefined): Endpoint {
  const read = (name: string) => env(name)?.replaceAll(" ", "").toLowerCase() ?? "";
  const name = read(VARIABLE);
  if (!name || !PUBLIC_AUTHORITIES.includes(authority)) return { endpoint: authority, regionMissing: false };
  const detects = DETECT.includes(name);
  const region = detects ? read("REGION_NAME") : name;
  if (REGION.test(region)) {
    return { endpoint: `https://${region}.login.microsoft.com`, regionMissing: false };
  }
  if (detects) return { endpoint: authority, regionMissing: true };
  throw new CredentialUnavailableError(
    `${VARIABLE}: it is neither a region such as "westeurope" nor "AutoDiscoverRegion".`,
    "authority_invalid",
  );
}
