/** What Entra knows: tenants, applications and resources. */
import { Refusal } from "./error_response.ts";

/** A record that trusts tokens of another issuer. */
export interface FederatedCredential {
  /** The issuer's URL, compared to the letter: a slash at the end counts. */
  readonly issuer: string;
  /** Such as `system:serviceaccount:default:workload`; case counts. */
  readonly subject: string;
  /** One of these must be among the token's. @default ["api://AzureADTokenExchange"] */
  readonly audiences?: readonly string[];
}

/** A service account that may use an identity through the token proxy of its cluster. */
export interface IdentityBinding {
  /** The cluster's issuer, compared to the letter. */
  readonly issuer: string;
  /** The subject, compared to the letter. */
  readonly subject: string;
}

/** What to register; every id that is left out is made up. */
export interface ApplicationOptions {
  /** The id of the tenant, which is added where it is not known yet. @default the first tenant */
  tenantId?: string;
  /** What clients name themselves by. */
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
}

/** An application or managed identity as one tenant knows it. */
export interface Application {
  /** The tenant that it is in. */
  readonly tenantId: string;
  /** What clients name themselves by: `appid` or `azp` of its tokens. */
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
}

/** A tenant to add. */
export interface TenantOptions {
  /** The tenant's id. @default a new one */
  tenantId?: string;
  /** As refusals name it. @default "Contoso" */
  name?: string;
  /** Domains that name the tenant as well as its id does. @default none */
  domains?: readonly string[];
}

/** A directory of its own. */
export interface Tenant {
  /** The tenant's id. */
  readonly tenantId: string;
  /** As refusals name it. */
  readonly name: string;
  /** Domains that name the tenant as well as its id does. */
  readonly domains: readonly string[];
}

/** An API that tokens can be asked for. */
export interface Resource {
  /** Its application id URI, or its client id. */
  readonly uri: string;
  /** The version of its tokens, which is the API's own choice. @default "1.0" */
  readonly tokenVersion?: "1.0" | "2.0";
  /** The tokens' audience. @default the resource as it was asked for */
  readonly audience?: string;
}

/** Hosts of Azure's own APIs, each with whatever stands before it. */
const AZURE = [
  "applicationinsights.io",
  "azconfig.io",
  "azure.com",
  "azure.net",
  "azure-api.net",
  "azurecr.io",
  "loganalytics.io",
  "microsoft.com",
  "windows.net",
];
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DOMAIN = /^(?=.{1,253}$)[0-9a-z](?:[0-9a-z-]*\.)+[a-z]{2,}$/i;

/** Tenants, applications and resources, found as the token endpoint finds them. */
export class Directory {
  readonly #tenants: Tenant[] = [];
  readonly #applications: Application[] = [];
  readonly #resources: Resource[] = [];

  addTenant({ tenantId = crypto.randomUUID(), name = "Contoso", domains = [] }: TenantOptions): Tenant {
    const tenant = Object.freeze({ tenantId, name, domains: [...domains] });
    this.#tenants.push(tenant);
    return tenant;
  }

  addApplication(options: ApplicationOptions): Application {
    const { tenantId = this.#tenants[0]?.tenantId } = options;
    const tenant = this.#tenants.find((known) => isSame(known.tenantId, tenantId)) ??
      this.addTenant(tenantId === undefined ? {} : { tenantId });
    const application: Application = Object.freeze({
      tenantId: tenant.tenantId,
      clientId: options.clientId ?? crypto.randomUUID(),
      objectId: options.objectId ?? crypto.randomUUID(),
      name: options.name ?? "workload",
      roles: [...options.roles ?? []],
      federatedCredentials: [...options.federatedCredentials ?? []],
      identityBindings: [...options.identityBindings ?? []],
    });
    this.#applications.push(application);
    return application;
  }

  addResource(resource: Resource): void {
    this.#resources.unshift(Object.freeze({ ...resource }));
  }

  /** @throws {Refusal} 90002, 900023, 9001023 */
  tenant(segment: string): Tenant {
    if (/^(common|consumers|organizations)$/i.test(segment)) throw new Refusal(9001023);
    if (!GUID.test(segment) && !DOMAIN.test(segment)) throw new Refusal(900023, { tenant: segment });
    const tenant = this.#tenants.find(({ tenantId, domains }) =>
      [tenantId, ...domains].some((name) => isSame(name, segment))
    );
    if (!tenant) throw new Refusal(90002, { tenant: segment });
    return tenant;
  }

  /** @throws {Refusal} 700016 */
  application(tenant: Tenant, clientId: string): Application {
    const application = this.#applications.find((known) =>
      known.tenantId === tenant.tenantId && isSame(known.clientId, clientId)
    );
    if (!application) throw new Refusal(700016, { clientId, tenantName: tenant.name });
    return application;
  }

  /** @throws {Refusal} 500011 */
  resource(tenant: Tenant, uri: string): Resource {
    const wanted = uri.replace(/\/$/, "");
    const known = this.#resources.find((resource) => isSame(resource.uri.replace(/\/$/, ""), wanted));
    if (known) return known;
    const host = URL.canParse(wanted) ? new URL(wanted).hostname : "";
    if (AZURE.some((domain) => host === domain || host.endsWith(`.${domain}`))) return { uri };
    throw new Refusal(500011, { resource: uri, tenantName: tenant.name });
  }
}

function isSame(left: string, right: string | undefined): boolean {
  return left.toLowerCase() === right?.toLowerCase();
}
