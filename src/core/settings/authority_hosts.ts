/** The authorities of Azure's clouds, for the option `authorityHost`. */
export const AzureAuthorityHosts = {
  /** The public cloud. */
  AzurePublicCloud: "https://login.microsoftonline.com",
  /** Azure Government of the United States. */
  AzureGovernment: "https://login.microsoftonline.us",
  /** Azure in China, operated by 21Vianet. */
  AzureChina: "https://login.partner.microsoftonline.cn",
  /** The sovereign cloud of France. */
  AzureFrance: "https://login.sovcloud-identity.fr",
  /** The sovereign cloud of Germany; not Microsoft Cloud Germany, which closed in 2021. */
  AzureGermany: "https://login.sovcloud-identity.de",
  /** The sovereign cloud of Singapore. */
  AzureSingapore: "https://login.sovcloud-identity.sg",
} as const;

/** The hosts of the public cloud's authority: the only one with regional endpoints. */
export const PUBLIC_HOSTS: readonly string[] = [
  "login.microsoftonline.com",
  "login.windows.net",
  "login.microsoft.com",
  "sts.windows.net",
];
