import { systemClock } from "../../core/clock.ts";
import type { Clock, FetchLike } from "../../core/contract/runtime.ts";
import { applyFault, type Fault, type FaultScript } from "../fault.ts";
import { FaultPlan, type PlannedFault } from "../fault_plan.ts";
import { createFetch, type FetchFunction, type IncomingRequest } from "../fetch_function.ts";
import { handleAppServiceRequest } from "../managed_identity/app_service.ts";
import { handleImdsRequest } from "../managed_identity/imds.ts";
import { handleResourceManagerRequest } from "../resource_manager.ts";
import { listen, type Listener, type ListenOptions } from "../server.ts";
import type { AgentIdentityOptions, Application, ApplicationOptions } from "./application.ts";
import { Directory, type Resource, type Subscription, type Tenant, type TenantOptions } from "./directory.ts";
import { EmulatorRequest } from "./emulator_request.ts";
import { tenantOfTokenPath } from "./endpoint.ts";
import { AadstsError, createErrorResponse, type ErrorContext } from "./error_response.ts";
import { handleMetadataRequest } from "./metadata.ts";
import { errorValuesOf, handleTokenRequest } from "./token_endpoint.ts";
import { type TokenLifetimes, TokenService } from "./token_service.ts";

/** Options of `EntraEmulator`. */
export interface EntraEmulatorOptions extends TokenLifetimes {
  /** Entra's clock, for the times in tokens, for expiry and for delays. @default the system's clock */
  clock?: Clock;
  /** Fetches the discovery documents and keys of issuers, such as `issuer.fetch`. @default the global fetch */
  fetch?: FetchLike;
  /** APIs that tokens can be requested for, in addition to Azure's own. @default none */
  resources?: readonly Resource[];
  /** Returns the fault of a request; called for every request. @default no faults */
  faults?: FaultScript<EmulatorRequest>;
  /** Called with every request whose response is about to be sent. @default does nothing */
  onRequest?: (request: EmulatorRequest) => void;
  /** The key that signs access tokens: an RSA private key in PKCS#8, as PEM. @default a generated one */
  signingKey?: string;
  /**
   * The address that clients use, if requests arrive at another one, as behind a TLS terminator. Discovery documents and
   * issuers contain it; `X-Forwarded-*` headers are not trusted. @default the address of each request
   */
  publicUrl?: string;
}

const MOST_REQUESTS_KEPT = 10_000;

/**
 * Microsoft Entra's token endpoint for workloads: verifies client assertions with the issuer's own keys, responds with
 * signed access tokens, and rejects with the AADSTS codes and texts of Entra. Needs no network; `listen` serves it.
 *
 * @example
 * ```ts
 * import { ClusterIssuer, EntraEmulator } from "@workload-id/entra/testing";
 *
 * const issuer = await ClusterIssuer.create();
 * const emulator = new EntraEmulator({ fetch: issuer.fetch });
 * const { tenantId, clientId } = emulator.addApplication({
 *   federatedCredentials: [{ issuer: issuer.issuer, subject: "system:serviceaccount:default:workload" }],
 * });
 * const options = { tenantId, clientId, fetch: emulator.fetch, getAssertion: () => issuer.mint() };
 * ```
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export class EntraEmulator {
  /** Responds in memory, for any host. Pass it as an option `fetch`. */
  readonly fetch: FetchFunction = createFetch((request) => this.#respond(request, false));
  /** Responds as the token proxy of AKS identity bindings, in memory, for any host. */
  readonly tokenProxyFetch: FetchFunction = createFetch((request) => this.#respond(request, true));
  readonly #clock: Clock;
  readonly #directory = new Directory();
  readonly #service: TokenService;
  readonly #publicUrl: string | undefined;
  readonly #identityHeader: string = crypto.randomUUID();
  readonly #script: FaultScript<EmulatorRequest> | undefined;
  readonly #onRequest: (request: EmulatorRequest) => void;
  readonly #plan = new FaultPlan();
  readonly #requests: EmulatorRequest[] = [];

  /** Creates an emulator without tenants. Its signing key is generated for the first token, or by `listen`. */
  constructor(options: EntraEmulatorOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    const fetchDocument = options.fetch ?? ((url, init) => fetch(url, init));
    this.#service = new TokenService(this.#directory, fetchDocument, options, this.#clock);
    this.#publicUrl = options.publicUrl?.replace(/\/+$/, "");
    this.#script = options.faults;
    this.#onRequest = options.onRequest ?? (() => {});
    for (const resource of options.resources ?? []) this.#directory.addResource(resource);
  }

  /** The newest 10,000 requests, oldest first. */
  get requests(): readonly EmulatorRequest[] {
    return this.#requests;
  }

  /** Adds a tenant. Needed only to set its name or domains, or for a tenant without applications. */
  addTenant(options: TenantOptions = {}): Tenant {
    return this.#directory.addTenant(options);
  }

  /** Adds an application, managed identity or blueprint, and its tenant if it does not exist. */
  addApplication(options: ApplicationOptions = {}): Application {
    return this.#directory.addApplication(options);
  }

  /**
   * Adds an agent identity. Its blueprint gets an exchange token with the agent's client ID as `fmi_path`, and the agent
   * presents that token as its client assertion.
   *
   * @throws {TypeError} if the application is not a blueprint
   * @see https://learn.microsoft.com/entra/agent-id/agent-autonomous-app-oauth-flow
   */
  addAgentIdentity(options: AgentIdentityOptions): Application {
    return this.#directory.addAgentIdentity(options);
  }

  /** Adds a subscription, which the Azure CLI lists after `az login`. */
  addSubscription(subscription: Subscription): void {
    this.#directory.addSubscription(subscription);
  }

  /** Adds an API that tokens can be requested for. Azure's own are built in. */
  addResource(resource: Resource): void {
    this.#directory.addResource(resource);
  }

  /** The value that requests to the App Service endpoint must have in their `X-IDENTITY-HEADER`. A secret. */
  get identityHeader(): string {
    return this.#identityHeader;
  }

  /**
   * Plans one fault for each of the next token requests, at the token endpoint or a managed-identity endpoint. They take
   * precedence over the option `faults`.
   */
  failNext(...faults: Fault[]): void {
    this.#plan.add(faults);
  }

  /** The remaining planned faults. */
  get plannedFaults(): readonly PlannedFault[] {
    return this.#plan.faults;
  }

  /** Replaces the planned faults, those of `failNext` included; without faults, removes them. */
  setFaults(faults: readonly PlannedFault[] = []): void {
    this.#plan.clear();
    this.#plan.add(faults);
  }

  /** Clears the recorded requests. */
  clearRequests(): void {
    this.#requests.length = 0;
  }

  /** Generates the key that signs access tokens, so that the first token does not wait for it. */
  async ready(): Promise<void> {
    await this.#service.keyRing.current();
  }

  /** Clears the cached keys of federated issuers, so that assertions of unpublished keys are rejected. */
  forgetIssuerKeys(): void {
    this.#service.forgetIssuerKeys();
  }

  /**
   * Signs with a new key from now on.
   *
   * @param options `keepOld`: whether the old keys stay published; true by default
   */
  async rotateKeys(options: { readonly keepOld?: boolean } = {}): Promise<void> {
    await this.#service.keyRing.rotate(options.keepOld ?? true);
  }

  /**
   * Serves on loopback: https with a key and a certificate, else http.
   *
   * @returns the address, which is the authority host to configure
   */
  async listen(options: ListenOptions = {}): Promise<Listener> {
    return await this.#serve(this.fetch, options);
  }

  /**
   * Serves on loopback as the token proxy of AKS identity bindings: https, for tokens whose audience is
   * `api://AKSIdentityBinding`, and with an application's `identityBindings` instead of its federated credentials.
   *
   * @returns the address, for `AZURE_KUBERNETES_TOKEN_PROXY`; a path may be added to it
   * @see https://learn.microsoft.com/azure/aks/identity-bindings-concepts
   */
  async listenAsTokenProxy(
    options: ListenOptions & Required<Pick<ListenOptions, "key" | "cert">>,
  ): Promise<Listener> {
    return await this.#serve(this.tokenProxyFetch, options);
  }

  async #serve(handle: FetchFunction, options: ListenOptions): Promise<Listener> {
    const [listener] = await Promise.all([listen(handle, options), this.ready()]);
    return listener;
  }

  async #respond(incoming: IncomingRequest, isTokenProxy: boolean): Promise<Response> {
    const now = this.#clock.now();
    const request = new EmulatorRequest(incoming, now);
    this.#requests.push(request);
    if (this.#requests.length > MOST_REQUESTS_KEPT) this.#requests.shift();

    const context = {
      now,
      correlationId: request.headers["client-request-id"] ?? request.form["client-request-id"] ??
        crypto.randomUUID(),
      traceId: crypto.randomUUID(),
    };
    const reject = (error: AadstsError, status?: number) => {
      request.errorCode = error.code;
      return createErrorResponse(error, { ...context, now: this.#clock.now(), status });
    };
    const respond = async () => {
      const response = await this.#route(request, incoming.url, isTokenProxy).catch((error) => {
        if (error instanceof AadstsError) return reject(error);
        throw error;
      });
      addHeaders(response.headers, request, context);
      return response;
    };
    const fault = this.#plan.take(request) ?? this.#script?.(request) ?? {};
    const response = await applyFault(fault, {
      respond,
      reject: (code, status) => reject(new AadstsError(code, errorValuesOf(request)), status),
      clock: this.#clock,
      signal: incoming.signal,
    });
    request.status = response.status;
    this.#onRequest(request);
    return response;
  }

  async #route(request: EmulatorRequest, url: URL, isTokenProxy: boolean): Promise<Response> {
    const origin = this.#publicUrl ?? url.origin;
    switch (request.endpoint) {
      case "token": {
        const tenant = tenantOfTokenPath(url.pathname)!;
        return await handleTokenRequest(request, tenant, origin, this.#service, isTokenProxy);
      }
      case "imds":
        return await handleImdsRequest(request, origin, this.#service);
      case "app-service":
        return await handleAppServiceRequest(request, this.identityHeader, origin, this.#service);
      case "keys":
        return Response.json(await this.#service.keyRing.jwks());
      case "metadata":
        return handleMetadataRequest(url, origin, this.#directory);
      case "resource-manager":
        return await handleResourceManagerRequest(request, origin, this.#service, this.#clock.now());
      case "other":
        return new Response(null, { status: 404 });
    }
  }
}

function addHeaders(headers: Headers, request: EmulatorRequest, context: ErrorContext): void {
  headers.set("cache-control", "no-store, no-cache");
  headers.set("pragma", "no-cache");
  headers.set("date", new Date(context.now).toUTCString());
  headers.set("x-ms-request-id", context.traceId);
  if (request.headers["return-client-request-id"] === "true") {
    headers.set("client-request-id", context.correlationId);
  }
}
