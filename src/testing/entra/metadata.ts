/** The documents that other clients request before a token. */
import type { Directory } from "./directory.ts";
import { issuerOf } from "./entra_issuer.ts";
import { AadstsError } from "./error_response.ts";

const CONFIGURATION_PATH = /\/([^/]+?)(\/v2\.0)?\/\.well-known\/openid-configuration$/;
const CLOUDS = [
  ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  ["login.microsoftonline.us", "login.usgovcloudapi.net"],
  ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
];

/**
 * Responds to a request for a tenant's configuration, or for the list of authorities.
 *
 * @throws {AadstsError} 50049, 90002, 900023, 9001023
 */
export function handleMetadataRequest(url: URL, origin: string, directory: Directory): Response {
  const [, segment, version] = CONFIGURATION_PATH.exec(url.pathname) ?? [];
  if (segment === undefined) return Response.json(instanceDiscovery(url, origin));
  const { tenantId } = directory.tenant(segment);
  return Response.json(openIdConfiguration(origin, tenantId, version !== undefined));
}

/** @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
function openIdConfiguration(origin: string, tenantId: string, isVersion2: boolean): unknown {
  const base = `${origin}/${tenantId}`;
  const version = isVersion2 ? "/v2.0" : "";
  return {
    token_endpoint: `${base}/oauth2${version}/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${base}/discovery${version}/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: issuerOf(tenantId, isVersion2 ? origin : undefined),
    authorization_endpoint: `${base}/oauth2${version}/authorize`,
    tenant_region_scope: "EU",
    cloud_instance_name: new URL(origin).hostname,
  };
}

/** Lists the known authorities, the emulator's own host first. */
function instanceDiscovery(url: URL, origin: string): unknown {
  const requested = url.searchParams.get("authorization_endpoint") ?? "";
  if (!URL.canParse(requested)) throw new AadstsError(50049);
  const { host, pathname, origin: authority } = new URL(requested);
  const own = new URL(origin).host;
  const clouds = CLOUDS.some((aliases) => aliases.includes(own)) ? CLOUDS : [[own], ...CLOUDS];
  if (!clouds.some((aliases) => aliases.includes(host))) throw new AadstsError(50049);
  const tenant = pathname.split("/")[1];
  return {
    tenant_discovery_endpoint: `${authority}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: clouds.map((aliases) => ({
      preferred_network: aliases[0],
      preferred_cache: aliases[1] ?? aliases[0],
      aliases,
    })),
  };
}
