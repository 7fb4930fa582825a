/** The audiences of tokens that are meant to be exchanged for others. */

/** The application ID URI in the public cloud: the default audience of federated credentials. */
export const EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";
/** Its application ID: the audience of tokens that the public cloud issues for it. */
const EXCHANGE_APPLICATION_ID = "fb60f99c-7a34-4190-8149-302f77469936";
const EXCHANGE_URI = /^api:\/\/AzureADTokenExchange(USGov|China|France|Germany)?$/i;

/** Returns whether a resource is the token exchange of any cloud. */
export function isExchangeAudience(resource: string): boolean {
  return EXCHANGE_URI.test(resource);
}

/** Returns the `aud` of a token for the token exchange. */
export function toExchangeClaim(resource: string): string {
  return resource.toLowerCase() === EXCHANGE_AUDIENCE.toLowerCase() ? EXCHANGE_APPLICATION_ID : resource;
}

/** Returns the URI that federated credentials compare with, for an `aud` that may be the application ID. */
export function fromExchangeClaim(audience: string): string {
  return audience === EXCHANGE_APPLICATION_ID ? EXCHANGE_AUDIENCE : audience;
}
