/** What one call of `getToken` asks for, checked before anything is sent. */
import { mergeClaims } from "./claims.ts";
import type { Config } from "../settings/config.ts";
import { Failure } from "../failure.ts";
import { parseScopes, scopesKey } from "./scopes.ts";
import { isTenantAllowed, tenantIdProblem } from "../settings/tenants.ts";
import type { AbortSignalLike, GetTokenOptions } from "../contract/token_credential.ts";
import type { TokenRequest } from "./token_request.ts";

/** A checked call. */
export interface TokenCall {
  /** Tenant, scopes and CAE: what a cached token must agree in. */
  readonly key: string;
  /** The request for that key. */
  readonly request: TokenRequest;
  readonly demand: Demand;
  /** Why the credential does not ask for it. */
  readonly refusal: Failure | undefined;
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
    refusal: isTenantAllowed(tenantId, config.tenantId, config.additionallyAllowedTenants)
      ? undefined
      : new Failure("tenant_not_allowed", `the tenant ${tenantId} is not in additionallyAllowedTenants`),
  };
}

/**
 * Lets DOM signals pass and Azure's smaller ones.
 *
 * @throws {TypeError} it is neither
 */
export function checkSignal(signal: AbortSignalLike | undefined): void {
  if (!signal) return;
  const { addEventListener, removeEventListener } = signal;
  if (typeof addEventListener === "function" && typeof removeEventListener === "function") return;
  throw new TypeError("abortSignal: must be an AbortSignal");
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
  return requested as string;
}
