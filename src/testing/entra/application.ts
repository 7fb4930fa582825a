/** The applications and identities that an administrator registers. */

/** A federated credential: it trusts the tokens of another issuer. */
export interface FederatedCredential {
  /** The issuer's URL. Compared exactly: a trailing slash counts. */
  readonly issuer: string;
  /** The subject, such as `system:serviceaccount:default:workload`. Case-sensitive. */
  readonly subject: string;
  /** The audiences, one of which the token must have. @default ["api://AzureADTokenExchange"] */
  readonly audiences?: readonly string[];
}

/** A service account that may use an identity through the token proxy of its cluster. */
export interface IdentityBinding {
  /** The cluster's issuer, compared exactly. */
  readonly issuer: string;
  /** The subject, compared exactly. */
  readonly subject: string;
}

/** A client secret of an application. */
export interface ClientSecret {
  /** The secret itself. */
  readonly value: string;
  /** The time of expiry in milliseconds since the Unix epoch. @default never */
  readonly expiresAt?: number;
}

/**
 * Kind of an application. A `managed-identity` is also available through the managed-identity endpoints; a `blueprint`
 * gets tokens only for its agent identities; an `agent` signs in only through its blueprint.
 */
export type ApplicationKind = "application" | "managed-identity" | "blueprint" | "agent";

/** An application to register. Omitted IDs are generated. */
export interface ApplicationOptions {
  /** The kind. Agents are added with `addAgentIdentity` instead. @default "application" */
  kind?: Exclude<ApplicationKind, "agent">;
  /** The ID of the tenant, which is added if it does not exist. @default the first tenant */
  tenantId?: string;
  /** The client ID. */
  clientId?: string;
  /** The service principal's ID: `oid` and `sub` of its tokens. */
  objectId?: string;
  /** The display name. @default "workload" */
  name?: string;
  /** App roles in its tokens. @default none */
  roles?: readonly string[];
  /** The federated credentials. @default none */
  federatedCredentials?: readonly FederatedCredential[];
  /** The service accounts that may use it through the token proxy of AKS identity bindings. @default none */
  identityBindings?: readonly IdentityBinding[];
  /** The client secrets. @default none */
  clientSecrets?: readonly ClientSecret[];
  /** IDs of other tenants where a multi-tenant application is installed. @default none */
  installedIn?: readonly string[];
  /** The Azure resource ID of a managed identity. */
  resourceId?: string;
  /** Uses this managed identity for requests that name none. @default false */
  systemAssigned?: boolean;
}

/** An agent identity to register. Omitted IDs are generated. */
export interface AgentIdentityOptions {
  /** The blueprint, an application of the kind `blueprint`. */
  blueprint: Application;
  /** The ID of the tenant. @default the blueprint's tenant */
  tenantId?: string;
  /** The client ID, which is also the object ID. */
  clientId?: string;
  /** The display name. @default "agent" */
  name?: string;
  /** App roles in its tokens. @default none */
  roles?: readonly string[];
}

/** An application, a managed identity, a blueprint or an agent identity. */
export interface Application {
  /** The kind of application. */
  readonly kind: ApplicationKind;
  /** The home tenant. */
  readonly tenantId: string;
  /** The client ID: `appid` or `azp` of its tokens. */
  readonly clientId: string;
  /** The service principal's ID: `oid` and `sub` of its tokens. */
  readonly objectId: string;
  /** The display name. */
  readonly name: string;
  /** App roles in its tokens. */
  readonly roles: readonly string[];
  /** The federated credentials. May be changed while the emulator runs. */
  readonly federatedCredentials: FederatedCredential[];
  /** The identity bindings. May be changed while the emulator runs. */
  readonly identityBindings: IdentityBinding[];
  /** The client secrets. May be changed while the emulator runs. */
  readonly clientSecrets: ClientSecret[];
  /** IDs of other tenants where it is installed. May be changed while the emulator runs. */
  readonly installedIn: string[];
  /** The Azure resource ID of a managed identity. */
  readonly resourceId?: string;
  /** True if requests that name no managed identity get this one. */
  readonly systemAssigned?: boolean;
  /** The blueprint of an agent identity. */
  readonly blueprint?: Application;
}

/** Creates an application in a tenant. */
export function createApplication(options: ApplicationOptions, tenantId: string): Application {
  const { kind = "application", clientId = crypto.randomUUID(), name = "workload" } = options;
  return Object.freeze({
    kind,
    tenantId,
    clientId,
    objectId: options.objectId ?? crypto.randomUUID(),
    name,
    roles: [...options.roles ?? []],
    federatedCredentials: [...options.federatedCredentials ?? []],
    identityBindings: [...options.identityBindings ?? []],
    clientSecrets: [...options.clientSecrets ?? []],
    installedIn: [...options.installedIn ?? []],
    ...(kind === "managed-identity" && {
      resourceId: options.resourceId ?? generateResourceId(name, options.systemAssigned),
      systemAssigned: options.systemAssigned ?? false,
    }),
  });
}

/** Creates an agent identity in a tenant. */
export function createAgentIdentity(options: AgentIdentityOptions, tenantId: string): Application {
  const { blueprint, clientId = crypto.randomUUID(), name = "agent", roles = [] } = options;
  return Object.freeze({
    kind: "agent",
    tenantId,
    clientId,
    objectId: clientId,
    name,
    roles: [...roles],
    federatedCredentials: [],
    identityBindings: [],
    clientSecrets: [],
    installedIn: [],
    blueprint,
  });
}

/** Returns the resource ID; that of a system-assigned identity is the machine's. */
function generateResourceId(name: string, systemAssigned = false): string {
  const type = systemAssigned
    ? "Microsoft.Compute/virtualMachines"
    : "Microsoft.ManagedIdentity/userAssignedIdentities";
  return `/subscriptions/${crypto.randomUUID()}/resourcegroups/emulator/providers/${type}/${name}`;
}
