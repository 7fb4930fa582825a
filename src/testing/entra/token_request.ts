/** Reads the parameters of a token request. */
import type { Application } from "./application.ts";
import type { Directory, Tenant } from "./directory.ts";
import { AadstsError } from "./error_response.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ON_BEHALF_OF = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** MSAL for Go and Java add these scopes to every request. They have no effect for a client without a user. */
const USER_SCOPES = ["openid", "profile", "offline_access", "email"];

/** A token request with a valid form, before its client is authenticated. */
export interface TokenRequest {
  readonly tenant: Tenant;
  readonly application: Application;
  readonly credential: { readonly assertion: string } | { readonly secret: string };
  readonly resource: string;
  readonly isCaeCapable: boolean;
  /** The client ID of an agent identity. Undefined also for a blank parameter, which Entra ignores. */
  readonly fmiPath: string | undefined;
}

/** Returns a parameter of a request. */
export type Parameters = (name: string) => string | undefined;

/**
 * Reads a token request's parameters, in the order in which Entra validates them.
 *
 * @throws {AadstsError}
 */
export function parseTokenRequest(
  parameter: Parameters,
  tenantSegment: string,
  directory: Directory,
): TokenRequest {
  const grantType = required(parameter, "grant_type");
  const tenant = directory.tenant(tenantSegment);
  const clientId = required(parameter, "client_id");
  if (grantType !== "client_credentials") {
    rejectGrant(grantType, parameter, directory.application(tenant, clientId));
  }
  if (parameter("resource") !== undefined) throw new AadstsError(901002);
  const resource = parseScope(required(parameter, "scope"));
  const application = directory.application(tenant, clientId);
  return {
    tenant,
    application,
    credential: parseCredential(parameter),
    resource,
    isCaeCapable: hasCapability(parameter("claims")),
    fmiPath: parameter("fmi_path")?.trim() || undefined,
  };
}

function required(parameter: Parameters, name: string): string {
  const value = parameter(name);
  if (!value) throw new AadstsError(900144, { parameter: name });
  return value;
}

/** Rejects grants other than `client_credentials`, with the error that a workload would get. */
function rejectGrant(grantType: string, parameter: Parameters, { kind, clientId }: Application): never {
  const isAgentic = kind === "blueprint" || kind === "agent";
  const hasCredential = parameter("client_assertion") || parameter("client_secret");
  if (/^(authorization_code|refresh_token)$/.test(grantType) && !hasCredential) {
    throw new AadstsError(7000218);
  }
  if (grantType === TOKEN_EXCHANGE && isAgentic) {
    const resource = parameter("scope")?.replace(/\/\.default$/, "");
    throw new AadstsError(82001, { clientId, resource });
  }
  // The emulator has no users, so every token presented here is an application's.
  if (grantType === ON_BEHALF_OF) throw new AadstsError(7000114, { clientId });
  throw new AadstsError(70003, { grantType });
}

function parseScope(scope: string): string {
  const scopes = scope.split(" ").filter((part) => part !== "" && !USER_SCOPES.includes(part));
  if (scopes.length !== 1) throw new AadstsError(70011, { scope });
  const resource = /^(.+)\/\.default$/.exec(scopes[0]!)?.[1];
  if (!resource) throw new AadstsError(1002012, { scope });
  return resource;
}

function parseCredential(parameter: Parameters): TokenRequest["credential"] {
  const assertion = parameter("client_assertion");
  const secret = parameter("client_secret");
  if (!assertion) {
    if (!secret) throw new AadstsError(7000216);
    return { secret };
  }
  if (required(parameter, "client_assertion_type") !== ASSERTION_TYPE) throw new AadstsError(7000216);
  return { assertion };
}

/** Returns whether the client declares that it handles claims challenges. */
function hasCapability(claims: string | undefined): boolean {
  try {
    return JSON.parse(claims ?? "{}")?.access_token?.xms_cc?.values?.includes("cp1") === true;
  } catch {
    return false;
  }
}
