/** The endpoints, by their paths. None is anchored at the start: a proxy may add a path before it. */

/** The endpoints that a request can be for. */
export type Endpoint = "token" | "imds" | "app-service" | "keys" | "metadata" | "resource-manager" | "other";

const PATHS: readonly (readonly [Endpoint, RegExp])[] = [
  ["token", /\/[^/]+\/oauth2\/v2\.0\/token$/],
  ["imds", /\/metadata\/identity\/oauth2\/token\/?$/],
  ["app-service", /\/msi\/token\/?$/],
  ["keys", /\/[^/]+\/discovery\/(v2\.0\/)?keys$/],
  ["resource-manager", /\/metadata\/endpoints$|\/subscriptions(\/[^/]+)?$/],
  ["metadata", /\/common\/discovery\/instance$|\/\.well-known\/openid-configuration$/],
];

/** Returns the endpoint of a path. */
export function endpointOf(pathname: string): Endpoint {
  return PATHS.find(([, path]) => path.test(pathname))?.[0] ?? "other";
}

/** Returns the tenant that the path of the token endpoint names. */
export function tenantOfTokenPath(pathname: string): string | undefined {
  return /\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(pathname)?.[1];
}
