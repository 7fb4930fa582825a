/** The documents that other clients ask for before a token. */

/** @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
export function openIdConfiguration(origin: string, tenantId: string, isVersion2: boolean): unknown {
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
    issuer: isVersion2 ? `${base}/v2.0` : `https://sts.windows.net/${tenantId}/`,
    authorization_endpoint: `${base}/oauth2${version}/authorize`,
    tenant_region_scope: "EU",
    cloud_instance_name: new URL(origin).hostname,
  };
}

const CLOUDS = [
  ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  ["login.microsoftonline.us", "login.usgovcloudapi.net"],
  ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
];

/** What there is to know of authorities, the emulator's own host among them; undefined for one that is unknown. */
export function instanceDiscovery(url: URL): unknown | undefined {
  const asked = url.searchParams.get("authorization_endpoint") ?? "";
  if (!URL.canParse(asked)) return undefined;
  const { origin, host, pathname } = new URL(asked);
  const clouds = [[url.host], ...CLOUDS].filter((aliases, index) =>
    index > 0 || !CLOUDS.some((cloud) => cloud.includes(aliases[0]!))
  );
  if (!clouds.some((aliases) => aliases.includes(host))) return undefined;
  const tenant = pathname.split("/")[1];
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: clouds.map((aliases) => ({
      preferred_network: aliases[0],
      preferred_cache: aliases[1] ?? aliases[0],
      aliases,
    })),
  };
}
