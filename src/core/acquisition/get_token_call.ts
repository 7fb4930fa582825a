/** One call of `getToken`, checked before anything is sent. */
import type { Spelling } from "../call_shortcuts.ts";
import type { AbortSignalLike, GetTokenOptions } from "../contract/token_credential.ts";
import { Failure } from "../failure.ts";
import type { Config } from "../settings/config.ts";
import { quote } from "../settings/check_option.ts";
import { isTenantAllowed, tenantIdProblem } from "../settings/tenants.ts";
import { mergeClaims } from "./claims.ts";
import type { CacheDemand } from "./refresh_policy.ts";
import type { TokenParameters } from "./token_endpoint.ts";

/** A checked call. */
export interface GetTokenCall {
  /** The key of the cache: tenant, scopes, CAE and `fmi_path`. */
  readonly key: string;
  /** The parameters of a token request for that key. */
  readonly parameters: TokenParameters;
  readonly demand: Demand;
  /** The key's parts as the caller wrote them. */
  readonly spelling: Spelling;
  /** The reason why the call is rejected without a request. */
  readonly rejection: Failure | undefined;
}

/** Requirements of a call beyond its key. Calls with an equal `variant` share an exchange. */
export interface Demand extends CacheDemand {
  /** Empty for the cache policy `default`. */
  readonly variant: string;
  /** The claims to send, if the caller passed some. */
  readonly claims?: string | undefined;
}

/** The demand of a call that the cache may serve. */
export const DEFAULT_DEMAND: Demand = { cachePolicy: "default", needsNewToken: false, variant: "" };
const FORCED_DEMAND: Demand = { cachePolicy: "bypass", needsNewToken: false, variant: "force" };

/**
 * @throws {TypeError} the scopes, the tenant or the claims are invalid
 */
export function parseGetTokenCall(scopes: unknown, options: GetTokenOptions, config: Config): GetTokenCall {
  const list: unknown[] = Array.isArray(scopes) ? [...scopes] : [scopes];
  const parsed = parseScopes(list);
  if (asksForProofOfPossession(options)) {
    throw new TypeError(
      "proofOfPossessionOptions is not supported: all tokens are bearer tokens",
    );
  }
  const requestedTenant = options.tenantId;
  const tenantId = resolveTenant(requestedTenant, config);
  const cae = Boolean(options.enableCae);
  const force = Boolean(options.forceRefresh);
  const { authority, endpoint, clientId } = config;
  const { claims } = options;
  const fmiPath = parseFmiPath(options.fmiPath);
  return {
    key: [tenantId.toLowerCase(), cae ? "cae" : "", `${scopesKey(parsed)}\n${fmiPath ?? ""}`].join(" "),
    parameters: {
      authority,
      endpoint,
      clientId,
      tenantId,
      scopes: parsed,
      claims: cae ? mergeClaims(undefined, cae) : undefined,
      fmiPath,
    },
    demand: claims
      ? {
        cachePolicy: "bypass",
        needsNewToken: true,
        variant: `claims ${force} ${claims}`,
        claims: mergeClaims(claims, cae),
      }
      : force
      ? FORCED_DEMAND
      : DEFAULT_DEMAND,
    spelling: { scopes: list.join(" "), tenantId: requestedTenant, fmiPath, cae },
    rejection: requestedTenant === undefined ||
        isTenantAllowed(tenantId, config.tenantId, config.additionallyAllowedTenants)
      ? undefined
      : new Failure("tenant_not_allowed", `The tenant ${tenantId} is not in additionallyAllowedTenants`),
  };
}

/**
 * Returns the scopes trimmed and without duplicates, in the caller's order.
 *
 * @throws {TypeError} there is none, or one is not a string
 */
export function parseScopes(scopes: readonly unknown[]): string[] {
  const parsed = new Set<string>();
  for (const scope of scopes) {
    if (typeof scope !== "string") {
      throw new TypeError(
        `each scope must be a string such as 'https://vault.azure.net/.default', but one is ${quote(scope)}`,
      );
    }
    for (const part of scope.split(/\s+/)) if (part) parsed.add(part);
  }
  if (parsed.size === 0) {
    throw new TypeError("scopes must contain a scope such as 'https://vault.azure.net/.default'");
  }
  return [...parsed];
}

/** Returns the same text for scopes that differ only in order and case. */
export function scopesKey(scopes: readonly string[]): string {
  return scopes.map((scope) => scope.toLowerCase()).sort().join(" ");
}

/** Returns whether a call requests a proof-of-possession token, by the option of @azure/core-auth. */
export function asksForProofOfPossession(options: GetTokenOptions): boolean {
  return Boolean((options as { proofOfPossessionOptions?: unknown }).proofOfPossessionOptions);
}

/**
 * Accepts DOM signals and Azure's smaller ones.
 *
 * @throws {TypeError} the value is neither
 */
export function checkSignal(signal: AbortSignalLike | undefined): void {
  if (!signal) return;
  const { addEventListener, removeEventListener } = signal;
  if (typeof addEventListener === "function" && typeof removeEventListener === "function") return;
  throw new TypeError("abortSignal must be an AbortSignal");
}

/**
 * Returns the longest time that the caller waits, in milliseconds.
 *
 * @throws {TypeError} the timeout is invalid
 */
export function parseTimeout(timeout: unknown): number {
  if (timeout === undefined || timeout === 0) return Infinity;
  if (typeof timeout === "number" && timeout > 0) return timeout;
  throw new TypeError(
    `requestOptions.timeout must be a number of milliseconds, 0 or more, but is ${quote(timeout)}`,
  );
}

/** Rejects a blank path, because Entra would issue a token for another principal. */
function parseFmiPath(fmiPath: unknown): string | undefined {
  if (fmiPath === undefined) return undefined;
  if (typeof fmiPath === "string" && fmiPath.trim() !== "") return fmiPath;
  throw new TypeError(
    `fmiPath must be a non-blank string, such as an agent identity's client ID, but is ${quote(fmiPath)}`,
  );
}

function resolveTenant(requested: unknown, config: Config): string {
  if (requested === undefined || config.multiTenantAuthDisabled) return config.tenantId;
  const problem = tenantIdProblem(requested);
  if (problem) throw new TypeError(`tenantId ${problem}: ${quote(requested)}`);
  return requested as string;
}
