/** Shared by the managed-identity endpoints: finds the identity of a request, and issues its token. */
import type { IssuedToken, TokenService } from "../entra/token_service.ts";
import type { Application } from "../entra/application.ts";
import type { EmulatorRequest } from "../entra/emulator_request.ts";

const LIFETIME_IN_MS = 24 * 3_600_000;

/** A token, and the identity that it is for. */
export interface IdentityToken extends IssuedToken {
  readonly application: Application;
}

/** Returns the identities that match a request, by the endpoint's own parameter names. */
export function findIdentities(
  request: EmulatorRequest,
  names: { readonly objectId: readonly string[]; readonly resourceId: readonly string[] },
  { directory }: TokenService,
): Application[] {
  const identities = directory.applications.filter(({ kind }) => kind === "managed-identity");
  const value = (parameters: readonly string[]) =>
    parameters.map((name) => request.parameter(name)).find(Boolean)?.toLowerCase();
  const wanted = {
    clientId: value(["client_id"]),
    objectId: value(names.objectId),
    resourceId: value(names.resourceId),
  };
  const isNamed = Object.values(wanted).some((id) => id !== undefined);
  if (!isNamed) {
    const system = identities.filter(({ systemAssigned }) => systemAssigned);
    return system.length > 0 ? system : identities;
  }
  return identities.filter((identity) =>
    (["clientId", "objectId", "resourceId"] as const).some((id) =>
      wanted[id] !== undefined && identity[id]?.toLowerCase() === wanted[id]
    )
  );
}

/** Issues a token for an identity. @throws {AadstsError} 500011 */
export async function issueIdentityToken(
  application: Application,
  resource: string,
  origin: string,
  service: TokenService,
): Promise<IdentityToken> {
  const { tenantId } = application;
  const api = service.directory.resource(service.directory.tenant(tenantId), resource);
  const grant = {
    tenantId,
    application,
    credential: "assertion",
    resource,
    api,
    isCaeCapable: false,
    ordinaryLifetimeInMs: LIFETIME_IN_MS,
  } as const;
  return { application, ...await service.issue(grant, origin) };
}
