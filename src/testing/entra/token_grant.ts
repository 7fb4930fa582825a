/** The client credentials grant: a token request in, an access token's claims out. */
import type { Application, Directory, Resource, Tenant } from "./directory.ts";
import { Refusal } from "./error_response.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** Entra dates its tokens back, so that an API whose clock is behind takes them at once. */
const DATED_BACK_IN_SECONDS = 300;

/** A token request whose form is right; who sent it is not known yet. */
export interface GrantRequest {
  readonly tenant: Tenant;
  readonly application: Application;
  readonly assertion: string;
  readonly resource: string;
  readonly isCaeCapable: boolean;
}

/**
 * Reads a token request's parameters in the order in which Entra complains of them.
 *
 * @throws {Refusal}
 */
export function parseGrantRequest(
  parameter: (name: string) => string | undefined,
  tenantSegment: string,
  directory: Directory,
): GrantRequest {
  const required = (name: string) => {
    const value = parameter(name);
    if (!value) throw new Refusal(900144, { parameter: name });
    return value;
  };
  const grantType = required("grant_type");
  if (grantType !== "client_credentials") throw new Refusal(70003, { grantType });
  const tenant = directory.tenant(tenantSegment);
  const clientId = required("client_id");
  if (parameter("resource") !== undefined) throw new Refusal(901002);
  const resource = parseScope(required("scope"));
  const application = directory.application(tenant, clientId);
  const assertion = parameter("client_assertion");
  if (!assertion) throw new Refusal(parameter("client_secret") ? 7000215 : 7000216, { clientId });
  if (required("client_assertion_type") !== ASSERTION_TYPE) throw new Refusal(7000216);
  return { tenant, application, assertion, resource, isCaeCapable: asksForCp1(parameter("claims")) };
}

function parseScope(scope: string): string {
  const scopes = scope.split(" ").filter((part) => part !== "");
  if (scopes.length !== 1) throw new Refusal(70011, { scope });
  const resource = /^(.+)\/\.default$/.exec(scopes[0]!)?.[1];
  if (!resource) throw new Refusal(1002012, { scope });
  return resource;
}

/** Whether the client says that it handles claims challenges. */
function asksForCp1(claims: string | undefined): boolean {
  try {
    return JSON.parse(claims ?? "{}")?.access_token?.xms_cc?.values?.includes("cp1") === true;
  } catch {
    return false;
  }
}

/** Makes the claims of an access token for an application, as an API reads them. */
export function accessTokenClaims(
  { tenant, application, resource, isCaeCapable }: GrantRequest,
  api: Resource,
  origin: string,
  now: number,
  lifetimeInSeconds: number,
): Record<string, unknown> {
  const { tenantId } = tenant;
  const issuedAt = Math.floor(now / 1000);
  const isVersion2 = api.tokenVersion === "2.0";
  const issuer = isVersion2 ? `${origin}/${tenantId}/v2.0` : `https://sts.windows.net/${tenantId}/`;
  return {
    aud: api.audience ?? resource,
    iss: issuer,
    iat: issuedAt - DATED_BACK_IN_SECONDS,
    nbf: issuedAt - DATED_BACK_IN_SECONDS,
    // Whole seconds, and never sooner than `expires_in` says.
    exp: Math.ceil(now / 1000) + lifetimeInSeconds,
    ...(isVersion2
      ? { azp: application.clientId, azpacr: "2" }
      : { appid: application.clientId, appidacr: "2", idp: issuer }),
    idtyp: "app",
    oid: application.objectId,
    ...(application.roles.length > 0 && { roles: application.roles }),
    sub: application.objectId,
    tid: tenantId,
    uti: crypto.randomUUID(),
    ver: isVersion2 ? "2.0" : "1.0",
    ...(isCaeCapable && { xms_cc: ["cp1"] }),
  };
}
