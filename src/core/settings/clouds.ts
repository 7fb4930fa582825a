/** Which of Azure's clouds an authority, an audience or a resource belongs to. */

export interface Cloud {
  readonly name: string;
  readonly authority: string;
  /** Every host of its authority. */
  readonly hosts: readonly string[];
  /** Its Resource Manager, which every identity may ask for. */
  readonly scope: string;
  /** What its federated credentials ask for. */
  readonly audience: string;
  /** How the hosts of its resources end. */
  readonly resources: RegExp;
}

/** @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
export const CLOUDS: readonly Cloud[] = [
  {
    name: "the public cloud",
    authority: "https://login.microsoftonline.com/",
    scope: "https://management.azure.com/.default",
    hosts: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    audience: "api://AzureADTokenExchange",
    resources: /\.(azure\.net|azure\.com|windows\.net|graph\.microsoft\.com)$/,
  },
  {
    name: "Azure Government",
    authority: "https://login.microsoftonline.us/",
    scope: "https://management.usgovcloudapi.net/.default",
    hosts: ["login.microsoftonline.us", "login-us.microsoftonline.com", "login.usgovcloudapi.net"],
    audience: "api://AzureADTokenExchangeUSGov",
    resources: /\.(usgovcloudapi\.net|azure\.us|graph\.microsoft\.us)$/,
  },
  {
    name: "Azure in China",
    authority: "https://login.partner.microsoftonline.cn/",
    scope: "https://management.chinacloudapi.cn/.default",
    hosts: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    audience: "api://AzureADTokenExchangeChina",
    resources: /\.(chinacloudapi\.cn|azure\.cn)$/,
  },
];

export function cloudOfAuthority(authority: string): Cloud | undefined {
  const { hostname } = new URL(authority);
  return CLOUDS.find(({ hosts }) => hosts.includes(hostname));
}

export function cloudOfResource(scope: string): Cloud | undefined {
  if (!URL.canParse(scope)) return undefined;
  const { hostname } = new URL(scope);
  return CLOUDS.find(({ resources }) => resources.test(`.${hostname}`));
}
