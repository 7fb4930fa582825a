/** What an administrator registers in a directory. */

/** A record that trusts tokens of another issuer. */
export interface FederatedCredential {
  /** The issuer's URL. Compared exactly: a trailing slash counts. */
  readonly issuer: string;
  /** Such as `system:serviceaccount:default:workload`; case counts. */
  readonly subject: string;
  /** The token's audience must be one of these. @default ["api://AzureADTokenExchange"] */
  readonly audiences?: readonly string[];
}

/** A service account that may use an identity through the token proxy of its cluster. */
export interface IdentityBinding {
  /** The cluster's issuer, compared exactly. */
  readonly issuer: string;
  /** The subject, compared exactly. */
  readonly subject: string;
}

/** A password of an application. */
export interface ClientSecret {
  /** The secret itself. */
  readonly value: string;
  /** When it expires, in milliseconds since the Unix epoch. @default never */
  readonly expiresAt?: number;
}

/**
 * What an application is. A `managed-identity` is also available through the managed-identity endpoints; a `blueprint`
 * gets tokens for its agent identities and none for itself; an `agent` has no credential but its blueprint.
 */
export type ApplicationKind = "application" | "managed-identity" | "blueprint" | "agent";

/** What to register; an id that is left out is generated. */
export interface ApplicationOptions {
  /** What it is. Agents are added with `addAgentIdentity`. @default "application" */
  kind?: Exclude<ApplicationKind, "agent">;
  /** The id of the tenant, which is added if it does not exist. @default the first tenant */
  tenantId?: string;
  /** The client id. */
  clientId?: string;
  /** The service principal's id: `oid` and `sub` of its tokens. */
  objectId?: string;
  /** As an administrator sees it. @default "workload" */
  name?: string;
  /** App roles that its tokens carry. @default none */
  roles?: readonly string[];
  /** Whose tokens it trusts. @default none */
  federatedCredentials?: readonly FederatedCredential[];
  /** The service accounts that may use it through the token proxy of AKS identity bindings. @default none */
  identityBindings?: readonly IdentityBinding[];
  /** Its passwords. @default none */
  clientSecrets?: readonly ClientSecret[];
  /** Ids of other tenants where it is installed, as a multi-tenant application is. @default none */
  installedIn?: readonly string[];
  /** The Azure resource id of a managed identity. */
  resourceId?: string;
  /** Whether a managed identity is the one of a request that names none. @default false */
  systemAssigned?: boolean;
}

/** What to register as an agent identity; an id that is left out is generated. */
export interface AgentIdentityOptions {
  /** The application that gets its tokens; of the kind `blueprint`. */
  blueprint: Application;
  /** The id of its tenant. @default the blueprint's tenant */
  tenantId?: string;
  /** The client id, which is its object id as well. */
  clientId?: string;
  /** As an administrator sees it. @default "agent" */
  name?: string;
  /** App roles that its tokens carry. @default none */
  roles?: readonly string[];
}

/** An application, a managed identity, a blueprint or an agent identity. */
export interface Application {
  /** What it is. */
  readonly kind: ApplicationKind;
  /** Its home tenant. */
  readonly tenantId: string;
  /** The client id: `appid` or `azp` of its tokens. */
  readonly clientId: string;
  /** The service principal's id: `oid` and `sub` of its tokens. */
  readonly objectId: string;
  /** As an administrator sees it. */
  readonly name: string;
  /** App roles that its tokens carry. */
  readonly roles: readonly string[];
  /** Whose tokens it trusts. May be changed while the emulator runs. */
  readonly federatedCredentials: FederatedCredential[];
  /** May be changed while the emulator runs. */
  readonly identityBindings: IdentityBinding[];
  /** Its passwords. May be changed while the emulator runs. */
  readonly clientSecrets: ClientSecret[];
  /** Ids of other tenants where it is installed. May be changed while the emulator runs. */
  readonly installedIn: string[];
  /** The Azure resource id of a managed identity. */
  readonly resourceId?: string;
  /** Whether it is the managed identity of a request that names none. */
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

/** A system-assigned identity has the id of the machine that it belongs to. */
function generateResourceId(name: string, systemAssigned = false): string {
  const type = systemAssigned
    ? "Microsoft.Compute/virtualMachines"
    : "Microsoft.ManagedIdentity/userAssignedIdentities";
  return `/subscriptions/${crypto.randomUUID()}/resourcegroups/emulator/providers/${type}/${name}`;
}
