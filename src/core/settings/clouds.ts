/** Azure's clouds with their hosts and audiences, for the diagnosis and the sources of assertions. */
import { AzureAuthorityHosts, PUBLIC_HOSTS } from "./authority_hosts.ts";

export interface Cloud {
  /** The name in texts. */
  readonly name: string;
  readonly authority: string;
  /** Every host of its authority. */
  readonly hosts: readonly string[];
  /** The audience of its federated credentials. */
  readonly audience: string;
  /** The scope of its Resource Manager, which every identity may request. */
  readonly scope?: string;
  /** Matches the hosts of its resources. */
  readonly resources?: RegExp;
}

/** @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
export const CLOUDS: readonly Cloud[] = [
  {
    name: "the public cloud",
    authority: AzureAuthorityHosts.AzurePublicCloud,
    scope: "https://management.azure.com/.default",
    hosts: PUBLIC_HOSTS,
    audience: "api://AzureADTokenExchange",
    resources: /\.(azure\.net|azure\.com|windows\.net|graph\.microsoft\.com)$/,
  },
  {
    name: "Azure Government",
    authority: AzureAuthorityHosts.AzureGovernment,
    scope: "https://management.usgovcloudapi.net/.default",
    hosts: ["login.microsoftonline.us", "login-us.microsoftonline.com", "login.usgovcloudapi.net"],
    audience: "api://AzureADTokenExchangeUSGov",
    resources: /\.(usgovcloudapi\.net|azure\.us|graph\.microsoft\.us)$/,
  },
  {
    name: "Azure in China",
    authority: AzureAuthorityHosts.AzureChina,
    scope: "https://management.chinacloudapi.cn/.default",
    hosts: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    audience: "api://AzureADTokenExchangeChina",
    resources: /\.(chinacloudapi\.cn|azure\.cn)$/,
  },
  {
    name: "the sovereign cloud of France",
    authority: AzureAuthorityHosts.AzureFrance,
    hosts: ["login.sovcloud-identity.fr"],
    audience: "api://AzureADTokenExchangeFrance",
  },
  {
    name: "the sovereign cloud of Germany",
    authority: AzureAuthorityHosts.AzureGermany,
    hosts: ["login.sovcloud-identity.de"],
    audience: "api://AzureADTokenExchangeGermany",
  },
];

export const PUBLIC_CLOUD: Cloud = CLOUDS[0]!;

/** Returns the cloud of an authority, or undefined if its host is unknown. */
export function cloudOfAuthority(authority: string): Cloud | undefined {
  const { hostname } = new URL(authority);
  return CLOUDS.find(({ hosts }) => hosts.includes(hostname));
}

/** Returns the cloud of a resource, or undefined if its host is unknown. */
export function cloudOfResource(scope: string): Cloud | undefined {
  if (!URL.canParse(scope)) return undefined;
  const { hostname } = new URL(scope);
  return CLOUDS.find(({ resources }) => resources?.test(`.${hostname}`));
}
