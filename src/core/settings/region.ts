/** The regional endpoint of the public cloud. */
import { CredentialUnavailableError } from "../contract/errors.ts";
import { quote } from "./check_option.ts";
import { PUBLIC_HOSTS } from "./authority_hosts.ts";

const VARIABLE = "AZURE_REGIONAL_AUTHORITY_NAME";
const PUBLIC_AUTHORITIES = PUBLIC_HOSTS.map((host) => `https://${host}`);
const REGION = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DETECT = ["autodiscoverregion", "tryautodetect"];

/** The address that receives the requests for an authority. */
export interface Endpoint {
  readonly endpoint: string;
  /** True if the region should be detected, but `REGION_NAME` is not set. Then the endpoint is the global one. */
  readonly regionMissing: boolean;
}

/**
 * Returns the region's endpoint if a variable names a region, else the authority. Only the public cloud has regions. The
 * metadata service is not called.
 *
 * @throws {CredentialUnavailableError} authority_invalid: the variable does not name a region
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
    `${VARIABLE} is neither a region such as "westeurope" nor "AutoDiscoverRegion": ${quote(env(VARIABLE))}.`,
    "authority_invalid",
  );
}
