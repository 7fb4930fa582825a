/** What one call of `getToken` asks for, checked before anything is sent. */
import { mergeClaims } from "./claims.ts";
import type { Config } from "./config.ts";
import { CredentialUnavailableError } from "./errors.ts";
import { parseScopes, scopesKey } from "./scopes.ts";
import { isTenantAllowed, tenantIdProblem } from "./tenants.ts";
import type { GetTokenOptions } from "./token_credential.ts";
import type { TokenRequest } from "./token_request.ts";

/** A checked call. */
export interface TokenCall {
  /** Tenant, scopes and CAE: what a cached token must agree in. */
  readonly key: string;
  /** The request for that key. */
  readonly request: TokenRequest;
  readonly demand: Demand;
}

/** What a call asks for beyond its key. Calls of equal `variant` share an exchange. */
export interface Demand {
  /** Empty where the cache may answer. */
  readonly variant: string;
  /** The claims to send, where the caller gave some: only a new token can satisfy them. */
  readonly claims?: string | undefined;
}

/** The demand of a call that the cache may answer. */
export const PLAIN: Demand = { variant: "" };

/**
 * @throws {TypeError} the scopes, the tenant or the claims have the wrong form
 * @throws {CredentialUnavailableError} tenant_not_allowed
 */
export function parseTokenCall(scopes: unknown, options: GetTokenOptions, config: Config): TokenCall {
  const parsed = parseScopes(scopes);
  const tenantId = resolveTenant(options.tenantId, config);
  const cae = Boolean(options.enableCae);
  const force = Boolean(options.forceRefresh);
  const { authority, endpoint, clientId } = config;
  const { claims } = options;
  return {
    key: `${tenantId.toLowerCase()} ${cae ? "cae" : ""} ${scopesKey(parsed)}`,
    request: { authority, endpoint, clientId, tenantId, scopes: parsed, claims: mergeClaims(undefined, cae) },
    demand: claims
      ? { variant: `claims ${force} ${claims}`, claims: mergeClaims(claims, cae) }
      : force
      ? { variant: "force" }
      : PLAIN,
  };
}

/**
 * Returns how long the caller waits at most, in milliseconds.
 *
 * @throws {TypeError} the timeout has the wrong form
 */
export function parseTimeout(timeout: unknown): number {
  if (timeout === undefined || timeout === 0) return Infinity;
  if (typeof timeout === "number" && timeout > 0) return timeout;
  throw new TypeError("requestOptions.timeout: must be a number of milliseconds, 0 or more");
}

function resolveTenant(requested: unknown, config: Config): string {
  if (requested === undefined || config.multiTenantAuthDisabled) return config.tenantId;
  const problem = tenantIdProblem(requested);
  if (problem) throw new TypeError(`tenantId: ${problem}`);
  const tenantId = requested as string;
  if (isTenantAllowed(tenantId, config.tenantId, config.additionallyAllowedTenants)) return tenantId;
  const { authority, clientId } = config;
  throw new CredentialUnavailableError(
    `tenant ${tenantId} is not allowed: add it, or "*", to the option additionallyAllowedTenants`,
    "tenant_not_allowed",
    { authority, tenantId, clientId },
  );
}
