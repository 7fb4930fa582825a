/** The directory: tenants, applications and resources. */
import {
  type AgentIdentityOptions,
  type Application,
  type ApplicationOptions,
  createAgentIdentity,
  createApplication,
} from "./application.ts";
import { AadstsError } from "./error_response.ts";
import { isExchangeAudience } from "./exchange_audience.ts";

/** A tenant to add. */
export interface TenantOptions {
  /** The tenant's ID. @default a new one */
  tenantId?: string;
  /** The display name in error responses. @default "Contoso" */
  name?: string;
  /** Domain names of the tenant, accepted instead of its ID. @default none */
  domains?: readonly string[];
}

/** A tenant. */
export interface Tenant {
  /** The tenant's ID. */
  readonly tenantId: string;
  /** The display name in error responses. */
  readonly name: string;
  /** Domain names of the tenant, accepted instead of its ID. */
  readonly domains: readonly string[];
}

/** An API that tokens can be requested for. */
export interface Resource {
  /** The application ID URI, or the client ID. */
  readonly uri: string;
  /** The version of its access tokens. @default "1.0" */
  readonly tokenVersion?: "1.0" | "2.0";
  /** The audience of its tokens. @default the resource as requested */
  readonly audience?: string;
}

/** A subscription that the Azure CLI lists. */
export interface Subscription {
  /** The ID, a GUID. */
  readonly subscriptionId: string;
  /** The name. @default "Emulator" */
  readonly displayName?: string;
  /** The ID of its tenant. @default the first tenant */
  readonly tenantId?: string;
}

/** Hosts of Azure's own APIs, and all hosts below them. */
/** Server application of AKS, which every tenant has. `kubectl` sends its tokens to API servers. */
const AKS_SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630";
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

/** Tenants, applications and resources, and how the token endpoint finds them. */
export class Directory {
  readonly #tenants: Tenant[] = [];
  readonly #applications: Application[] = [];
  readonly #resources: Resource[] = [];
  readonly #subscriptions: Required<Subscription>[] = [];

  get tenants(): readonly Tenant[] {
    return this.#tenants;
  }

  get applications(): readonly Application[] {
    return this.#applications;
  }

  addTenant({ tenantId = crypto.randomUUID(), name = "Contoso", domains = [] }: TenantOptions): Tenant {
    const tenant = Object.freeze({ tenantId, name, domains: [...domains] });
    this.#tenants.push(tenant);
    return tenant;
  }

  addApplication(options: ApplicationOptions): Application {
    const application = createApplication(options, this.#ensureTenant(options.tenantId));
    for (const tenantId of application.installedIn) this.#ensureTenant(tenantId);
    this.#applications.push(application);
    return application;
  }

  addAgentIdentity(options: AgentIdentityOptions): Application {
    const { blueprint, tenantId = blueprint.tenantId } = options;
    if (blueprint.kind !== "blueprint") {
      throw new TypeError(`"${blueprint.name}" is a ${blueprint.kind}. Add it with the kind "blueprint".`);
    }
    const agent = createAgentIdentity(options, this.#ensureTenant(tenantId));
    // An agent can be created only in a tenant where its blueprint is installed.
    if (!isIn(blueprint, agent.tenantId)) blueprint.installedIn.push(agent.tenantId);
    this.#applications.push(agent);
    return agent;
  }

  get subscriptions(): readonly Required<Subscription>[] {
    return this.#subscriptions;
  }

  addSubscription({ subscriptionId, displayName = "Emulator", tenantId }: Subscription): void {
    this.#subscriptions.push({
      subscriptionId: subscriptionId.toLowerCase(),
      displayName,
      tenantId: this.#ensureTenant(tenantId),
    });
  }

  addResource(resource: Resource): void {
    this.#resources.unshift(Object.freeze({ ...resource }));
  }

  /** @throws {AadstsError} 90002, 900023, 9001023 */
  tenant(segment: string): Tenant {
    if (/^(common|consumers|organizations)$/i.test(segment)) throw new AadstsError(9001023);
    if (!GUID.test(segment) && !DOMAIN.test(segment)) throw new AadstsError(900023, { tenant: segment });
    const tenant = this.#tenants.find(({ tenantId, domains }) =>
      [tenantId, ...domains].some((name) => isSame(name, segment))
    );
    if (!tenant) throw new AadstsError(90002, { tenant: segment });
    return tenant;
  }

  /** @throws {AadstsError} 700016 */
  application(tenant: Tenant, clientId: string): Application {
    const application = this.#applications.find((known) =>
      isIn(known, tenant.tenantId) && isSame(known.clientId, clientId)
    );
    if (!application) throw new AadstsError(700016, { clientId, tenantName: tenant.name });
    return application;
  }

  /** @throws {AadstsError} 500011 */
  resource(tenant: Tenant, uri: string): Resource {
    const wanted = uri.replace(/\/$/, "");
    const known = this.#resources.find((resource) => isSame(resource.uri.replace(/\/$/, ""), wanted));
    if (known) return known;
    const host = URL.canParse(wanted) ? new URL(wanted).hostname : "";
    if (AZURE.some((domain) => host === domain || host.endsWith(`.${domain}`))) return { uri };
    if (wanted === AKS_SERVER) return { uri: wanted };
    if (isExchangeAudience(wanted)) return { uri: wanted, tokenVersion: "2.0" };
    throw new AadstsError(500011, { resource: uri, tenantName: tenant.name });
  }

  #ensureTenant(tenantId = this.#tenants[0]?.tenantId): string {
    const tenant = this.#tenants.find((known) => isSame(known.tenantId, tenantId)) ??
      this.addTenant(tenantId === undefined ? {} : { tenantId });
    return tenant.tenantId;
  }
}

function isIn({ tenantId, installedIn }: Application, wanted: string): boolean {
  return [tenantId, ...installedIn].some((id) => isSame(id, wanted));
}

function isSame(left: string, right: string | undefined): boolean {
  return left.toLowerCase() === right?.toLowerCase();
}
